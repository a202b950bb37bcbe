// The times of a vault or a client: what is in force, and what is its own.

import { path } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { Revised, Timing } from "../api/things.ts";
import { change } from "../parts/change.tsx";
import { ask } from "../parts/dialog.tsx";
import { Facts, Panel } from "../parts/notes.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { durationText } from "../words/durations.ts";

interface Timed extends Revised {
  name: string;
  timing: Timing;
  own_timing: Timing;
}

interface TimesPanelProps {
  of: "vault" | "client";
  thing: Timed;
  changed: () => void;
}

const WORDS: Record<keyof Timing, string> = {
  heartbeat_every: "Heartbeat every",
  disconnect_after: "Disconnected after",
  offline_grace: "Offline for at most",
};
const NAMES = Object.keys(WORDS) as (keyof Timing)[];

async function edit({ of, thing, changed }: TimesPanelProps): Promise<void> {
  const answer = await ask({
    title: `Times of ${thing.name}`,
    text: "What is left empty is inherited. Such as 30s, 5m, 2h.",
    fields: NAMES.map((name) => ({
      name,
      label: WORDS[name],
      value: thing.own_timing[name] ?? "",
      hint: `in force: ${durationText(thing.timing[name])}`,
    })),
    confirm: "Save",
    act: (filled) => {
      const times = Object.fromEntries(NAMES.map((name) => [name, filled[name] ?? null]));
      return change("PATCH", path(`${of}s`, thing.name), times, thing);
    },
  });
  if (!answer) return;
  toast(`The times of ${thing.name} are changed`);
  changed();
}

export function TimesPanel(props: TimesPanelProps) {
  const { thing } = props;
  return (
    <Panel
      title="Times"
      aside={
        mayAdminister.value && (
          <button type="button" onClick={() => void edit(props).catch(complain)}>
            Change
          </button>
        )
      }
    >
      <Facts
        facts={NAMES.map((name) => [
          WORDS[name],
          `${durationText(thing.timing[name])}${thing.own_timing[name] ? " (its own)" : ""}`,
        ])}
      />
    </Panel>
  );
}
