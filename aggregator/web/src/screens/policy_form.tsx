// S13: choose who hears of the alerts of a vault or a client, with what that would mean.

import { useState } from "preact/hooks";
import type { Contact, Group } from "../api/people.ts";
import { path } from "../api/request.ts";
import { mayAdminister, mayOperate } from "../api/session.ts";
import type { Client, Page, Policy, Revised, Vault } from "../api/things.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { status } from "../frame/overview.tsx";
import { go } from "../frame/router.ts";
import { useReading } from "../live/reading.ts";
import { change } from "../parts/change.tsx";
import { Head } from "../parts/head.tsx";
import { Panel, ProblemNote } from "../parts/notes.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { Unread } from "../parts/unread.tsx";
import { useAct } from "../parts/act.ts";
import { bodyOfPolicy, obstacleOf } from "../words/policy_drafts.ts";
import { whomText } from "../words/policies.ts";
import { modeText } from "../words/states.ts";
import { testAlert } from "./client_actions.ts";
import { Explain } from "./explain.tsx";
import {
  Escalation,
  type PartProps,
  type People,
  Quiet,
  WhatAndWhen,
  Whom,
} from "./policy_fields.tsx";
import { PolicyPreview } from "./policy_preview.tsx";

type Of = "vault" | "client";
type Holder = (Vault | Client) & Revised;

export function VaultPolicy({ params }: ScreenProps) {
  return <PolicyForm of="vault" name={params["name"]!} />;
}

export function ClientPolicy({ params }: ScreenProps) {
  return <PolicyForm of="client" name={params["name"]!} />;
}

export function usePeople(): People {
  const contacts = useReading<Page<Contact>>("/contacts", ["contact"], { limit: 500 }).found;
  const groups = useReading<Page<Group>>("/groups", ["group"], { limit: 500 }).found;
  return { contacts: contacts?.items ?? [], groups: groups?.items ?? [] };
}

function PolicyForm({ of, name }: { of: Of; name: string }) {
  const reading = useReading<Holder>(path(`${of}s`, name), [of]);
  const people = usePeople();
  const vault = useVaultOf(reading.found);
  if (!reading.found) return <Unread title={`Alert policy of ${name}`} reading={reading} />;
  return <Form of={of} holder={reading.found} people={people} vault={vault} />;
}

/** The vault of a client. */
function useVaultOf(holder: Holder | undefined): Vault | undefined {
  const name = holder && "vault" in holder ? holder.vault : null;
  return useReading<Vault>(name === null ? null : path("vaults", name), ["vault"]).found;
}

/** Where the form was opened from. */
function addressOfHolder(of: Of, name: string): string {
  return of === "vault" ? path("vaults", name) : `${path("clients", name)}?tab=settings`;
}

interface FormProps {
  of: Of;
  holder: Holder;
  people: People;
  /** Of a client. */
  vault: Vault | undefined;
}

function Form({ of, holder, people, vault }: FormProps) {
  const [begun] = useState(holder); // a newer one must not be overwritten unseen
  const [draft, setDraft] = useState<Policy>(holder.own_policy);
  const { act, problem, isActing } = useAct();
  const set = (changes: Partial<Policy>) => setDraft((old) => ({ ...old, ...changes }));
  const body = bodyOfPolicy(draft);
  const obstacle = obstacleOf(draft, people.contacts, people.groups);
  const back = addressOfHolder(of, holder.name);
  const save = async () => {
    const saved = await change("PUT", `${path(`${of}s`, holder.name)}/policy`, body, {
      ...begun,
      part: "own_policy",
    });
    if (saved === null) return;
    toast(`The policy of ${holder.name} is saved`);
    go(back);
  };
  const isFixed = !mayAdminister.value || holder.managed_by !== null;
  return (
    <>
      <Head
        title={`Alert policy of ${holder.name}`}
        sentence={
          <>
            Of the {of} <a href={back}>{holder.name}</a>
            {holder.managed_by && `; declared in ${holder.managed_by}, and changed there`}
          </>
        }
      >
        {mayOperate.value && (
          <button type="button" onClick={() => void testAlert(of, holder.name).catch(complain)}>
            Test what is saved
          </button>
        )}
      </Head>
      <div class="columns">
        <form
          class="policy"
          onSubmit={(event) => {
            event.preventDefault();
            void act(save);
          }}
        >
          <fieldset class="plain" disabled={isFixed}>
            <Parts of={of} vault={vault} draft={draft} set={set} people={people} />
          </fieldset>
          {problem && <ProblemNote problem={problem} />}
          {!isFixed && <Saving obstacle={obstacle} isActing={isActing} back={back} />}
        </form>
        {isFixed ? (
          of === "client" && <Explain client={holder.name} />
        ) : (
          <PolicyPreview of={of} name={holder.name} body={body} />
        )}
      </div>
    </>
  );
}

function Saving({
  obstacle,
  isActing,
  back,
}: {
  obstacle: string | null;
  isActing: boolean;
  back: string;
}) {
  return (
    <footer class="saving">
      {obstacle && (
        <p id="obstacle" class="bad" role="status">
          Cannot be saved yet: {obstacle} <a href="/contacts">Contacts</a>
        </p>
      )}
      <a class="button" href={back}>
        Cancel
      </a>
      <button
        type="submit"
        class="main"
        disabled={obstacle !== null || isActing}
        aria-describedby={obstacle ? "obstacle" : undefined}
      >
        Save
      </button>
    </footer>
  );
}

type ModesProps = PartProps & Pick<FormProps, "of" | "vault">;

function Parts({ of, vault, draft, set, people }: ModesProps & { people: People }) {
  return (
    <>
      <Panel title="Who is told">
        <Modes of={of} vault={vault} draft={draft} set={set} />
        {draft.mode === "custom" && (
          <Whom word="Told" {...people} chosen={draft} onChange={(chosen) => set(chosen)} />
        )}
        <p class="quiet">
          Deleted backup data is always told to the owners, whatever a policy says.
        </p>
      </Panel>
      {(draft.mode === "custom" || draft.mode === "default") && (
        <>
          <Panel title="Of what, and when">
            <WhatAndWhen draft={draft} set={set} />
          </Panel>
          <Panel title="If need be">
            <Escalation draft={draft} set={set} {...people} />
            <Quiet draft={draft} set={set} />
          </Panel>
        </>
      )}
    </>
  );
}

function remarkOf(mode: Policy["mode"], vault: Vault | undefined): string {
  const owners = status.value?.owners ?? [];
  switch (mode) {
    case "off":
      return "nobody is told; alerts are raised and listed";
    case "same_as_vault":
      return vault ? `now ${whomText(vault.own_policy)}, as ${vault.name} has it` : "";
    case "default":
      return owners.length > 0
        ? `the owners: ${owners.join(", ")}`
        : "the owners; there is none yet ([account] owners)";
    case "custom":
      return "contacts and groups that you choose";
  }
}

function Modes({ of, vault, draft, set }: ModesProps) {
  const modes: Policy["mode"][] = ["off", "default", "custom"];
  if (of === "client") modes.splice(1, 0, "same_as_vault");
  return (
    <fieldset class="modes">
      <legend class="unseen">Policy</legend>
      {modes.map((mode) => (
        <label key={mode}>
          <input
            type="radio"
            name="mode"
            value={mode}
            checked={draft.mode === mode}
            onChange={() => set({ mode })}
          />
          <span>
            {modeText(mode)} <small class="second">{remarkOf(mode, vault)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
