// The parts of a policy's form.

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Contact, Group } from "../api/people.ts";
import type { Policy } from "../api/things.ts";
import { Checks, type Option } from "../parts/checks.tsx";
import type { Choice } from "../parts/filters.ts";
import { plain } from "../words/states.ts";
import { KINDS, SEVERITIES } from "./choices.ts";

export interface PartProps {
  draft: Policy;
  set: (changes: Partial<Policy>) => void;
}

export interface People {
  contacts: readonly Contact[];
  groups: readonly Group[];
}

export function contactOptions(contacts: readonly Contact[]): Option[] {
  return contacts.map(({ name, is_reachable: isReachable }) => ({
    value: name,
    word: name,
    ...(isReachable ? {} : { remark: "no verified address yet: is not told" }),
  }));
}

function groupOptions(groups: readonly Group[]): Option[] {
  return groups.map(({ name, members }) => ({
    value: name,
    word: name,
    remark: members.length > 0 ? members.slice(0, 5).join(", ") : "nobody is in it",
  }));
}

interface WhomProps extends People {
  chosen: { contacts: readonly string[]; groups: readonly string[] };
  onChange: (chosen: { contacts?: string[]; groups?: string[] }) => void;
  word: string;
}

export function Whom({ contacts, groups, chosen, onChange, word }: WhomProps) {
  return (
    <div class="pair">
      <Checks
        label={`${word} groups`}
        options={groupOptions(groups)}
        chosen={chosen.groups}
        onChange={(names) => onChange({ groups: names })}
        none="No group yet."
      />
      <Checks
        label={`${word} contacts`}
        options={contactOptions(contacts)}
        chosen={chosen.contacts}
        onChange={(names) => onChange({ contacts: names })}
        none="No contact yet."
      />
    </div>
  );
}

interface TextProps {
  label: string;
  hint?: string;
  value: string | null;
  onChange: (value: string | null) => void;
}

function Text({ label, hint, value, onChange }: TextProps) {
  const id = useId();
  return (
    <label class="field">
      <span>{label}</span>
      <input
        autocomplete="off"
        value={value ?? ""}
        aria-describedby={hint ? id : undefined}
        onInput={(event) => onChange(event.currentTarget.value.trim() || null)}
      />
      {hint && <small id={id}>{hint}</small>}
    </label>
  );
}

function Select({
  label,
  value,
  choices,
  onChange,
}: Omit<TextProps, "hint"> & { choices: readonly Choice[] }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value ?? ""} onChange={(event) => onChange(event.currentTarget.value || null)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.word}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check({
  isSet,
  onChange,
  children,
}: {
  isSet: boolean;
  onChange: (isSet: boolean) => void;
  children: ComponentChildren;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isSet}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {children}
    </label>
  );
}

const FREQUENCIES = [
  { value: "", word: "one message for each" },
  { value: "hourly", word: "one digest an hour" },
  { value: "daily", word: "one digest a day" },
];

export function WhatAndWhen({ draft, set }: PartProps) {
  return (
    <>
      <div class="pair">
        <Select
          label="Of which severity"
          value={draft.least_severity}
          choices={[
            { value: "", word: "any" },
            ...SEVERITIES.map(({ value, word }) => ({ value, word: `${word} and worse` })),
          ]}
          onChange={(severity) => set({ least_severity: severity as Policy["least_severity"] })}
        />
        <Select
          label="As"
          value={draft.frequency === "each" ? null : draft.frequency}
          choices={FREQUENCIES}
          onChange={(frequency) => set({ frequency: frequency as Policy["frequency"] })}
        />
        <Text
          label="Held for"
          hint="such as 30m, 1h; what is over by then is not told; 0s: at once"
          value={draft.notify_after}
          onChange={(text) => set({ notify_after: text })}
        />
        <Text
          label="Reminds every"
          hint="while it is active and nobody has acknowledged it; such as 1d"
          value={draft.remind_every}
          onChange={(text) => set({ remind_every: text })}
        />
      </div>
      <Check isSet={draft.tells_recovery} onChange={(isSet) => set({ tells_recovery: isSet })}>
        Also tells when it is over
      </Check>
      <details open={draft.kinds.length > 0}>
        <summary>Only some kinds of alerts</summary>
        <Checks
          label="Only these kinds (none: all)"
          options={KINDS}
          chosen={draft.kinds}
          onChange={(kinds) => set({ kinds })}
        />
      </details>
      <Holds draft={draft} set={set} />
    </>
  );
}

/** Kinds that are held for a time of their own. */
function Holds({ draft, set }: PartProps) {
  const holds = draft.notify_after_by_kind;
  const put = (kind: string, hold: string | null) =>
    set({ notify_after_by_kind: { ...holds, [kind]: hold ?? "" } });
  const others = KINDS.filter(({ value }) => !(value in holds));
  return (
    <details open={Object.keys(holds).length > 0}>
      <summary>Another hold for some kinds</summary>
      <div class="pair">
        {Object.entries(holds).map(([kind, hold]) => (
          <Text
            key={kind}
            label={plain(kind)}
            hint="empty: as all others"
            value={hold}
            onChange={(text) => put(kind, text)}
          />
        ))}
        <Select
          label="Add a kind"
          value=""
          choices={[{ value: "", word: "choose" }, ...others]}
          onChange={(kind) => kind && put(kind, draft.notify_after ?? "1h")}
        />
      </div>
    </details>
  );
}

export function Escalation({ draft, set, contacts, groups }: PartProps & People) {
  return (
    <details open={draft.escalate_after !== null}>
      <summary>Escalation: others are told when nobody reacts</summary>
      <Text
        label="After"
        hint="such as 2h, from the first message on; empty: never"
        value={draft.escalate_after}
        onChange={(text) => set({ escalate_after: text })}
      />
      <Whom
        word="Further"
        contacts={contacts}
        groups={groups}
        chosen={{ contacts: draft.escalation_contacts, groups: draft.escalation_groups }}
        onChange={(chosen) =>
          set({
            escalation_contacts: chosen.contacts ?? draft.escalation_contacts,
            escalation_groups: chosen.groups ?? draft.escalation_groups,
          })
        }
      />
    </details>
  );
}

export function Quiet({ draft, set }: PartProps) {
  return (
    <details open={draft.quiet_hours !== null}>
      <summary>Quiet hours: what comes then is told after them</summary>
      <div class="pair">
        <Text
          label="From – to"
          hint="such as 22:00-07:00; empty: none"
          value={draft.quiet_hours}
          onChange={(text) => set({ quiet_hours: text })}
        />
        <Text
          label="Time zone"
          hint="such as Europe/Berlin; empty: UTC"
          value={draft.quiet_zone}
          onChange={(text) => set({ quiet_zone: text })}
        />
      </div>
      <Check
        isSet={draft.do_critical_pass ?? true}
        onChange={(isSet) => set({ do_critical_pass: isSet })}
      >
        Critical ones are told all the same
      </Check>
    </details>
  );
}
