// S19: quiet on purpose, and never without an end.

import { useState } from "preact/hooks";
import { path, send } from "../api/request.ts";
import { mayOperate } from "../api/session.ts";
import type { Maintenance as Window } from "../api/things.ts";
import { change } from "../parts/change.tsx";
import { ask } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { type Action, type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Time } from "../parts/time.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { now } from "../frame/settings.ts";
import { place } from "../frame/router.ts";
import { phaseOf, scopeText, windowText } from "../words/maintenances.ts";
import { useVaultChoices } from "./choices.ts";
import { startMaintenance } from "./maintenance_form.ts";

const TABS = [
  { value: "", word: "Active and planned" },
  { value: "all", word: "All" },
];

async function extend([window]: readonly Window[]): Promise<void> {
  const answer = await ask({
    title: `Extend: ${scopeText(window!)}`,
    text: "It ends so long after now.",
    fields: [
      { name: "for", label: "For how long", value: "2h", isRequired: true, hint: "30m, 2h, 1d" },
    ],
    confirm: "Extend",
    act: (filled) => change("POST", `${path("maintenances", window!.id)}/extend`, filled, window!),
  });
  if (answer) toast("It ends later now");
}

async function end(windows: readonly Window[]): Promise<void> {
  const answer = await ask({
    title:
      windows.length === 1 ? `End: ${scopeText(windows[0]!)}` : `End ${windows.length} of them`,
    text: "Of what is still active people are told from now on.",
    confirm: "End now",
    act: async () => {
      for (const { id } of windows) await send("POST", `${path("maintenances", id)}/end`, {});
    },
  });
  if (answer) toast("Maintenance is over");
}

const isOver = (window: Window): boolean => phaseOf(window, now.value) === "over";

function actions(): Action<Window>[] {
  if (!mayOperate.value) return [];
  return [
    { word: "Extend", run: extend, isFor: (window) => !isOver(window) && window.cron === null },
    { word: "End now", run: end, isFor: (window) => !isOver(window), isForMany: true },
  ];
}

const COLUMNS: readonly Column<Window>[] = [
  { head: "About", onPhone: "lead", cell: scopeText },
  {
    head: "State",
    onPhone: "fact",
    cell: (window) => <StatusOf state={`maintenance_${phaseOf(window, now.value)}`} />,
  },
  {
    head: "From",
    cell: ({ from }) => <Time at={from} isExact />,
  },
  {
    head: "Until",
    onPhone: "fact",
    cell: ({ ended_at: endedAt, active_until: activeUntil, until }) => (
      <Time at={endedAt ?? activeUntil ?? until} none="for good" />
    ),
  },
  { head: "Again", cell: windowText },
  { head: "Why", onPhone: "fact", cell: ({ why }) => why },
  {
    head: "By",
    cell: ({ created_by: who, ended_by: ender }) => (
      <>
        {who}
        {ender && <span class="second">ended by {ender}</span>}
      </>
    ),
  },
];

const RANK = { active: 0, planned: 1, over: 2 };

function activeFirst(windows: readonly Window[]): readonly Window[] {
  const rank = (window: Window) => RANK[phaseOf(window, now.value)];
  return [...windows].sort((one, other) => rank(one) - rank(other));
}

export function Maintenance() {
  const vaults = useVaultChoices();
  const isAll = place.value.query["tab"] === "all";
  const [made, setMade] = useState(0); // the list is read anew at once, without waiting for the event
  const start = async () => {
    await startMaintenance(vaults);
    setMade(made + 1);
  };
  return (
    <>
      <Head
        title="Maintenance"
        sentence="Alerts are raised and listed; nobody is told before the end."
      >
        {mayOperate.value && (
          <button type="button" class="main" onClick={() => void start().catch(complain)}>
            Start or plan
          </button>
        )}
      </Head>
      <Tabs label="Which of them" tabs={TABS} />
      <List<Window>
        key={made}
        noun="maintenance"
        route="/maintenances"
        about={["maintenance"]}
        fixed={isAll ? { all: "true" } : {}}
        columns={COLUMNS}
        keyOf={({ id }) => String(id)}
        watched={({ is_active: isActive, until }) => `${isActive} ${until}`}
        nameOf={scopeText}
        headingOf={(window) => phaseOf(window, now.value)}
        arranged={activeFirst}
        actions={actions()}
        empty={
          <Empty title={isAll ? "There was never a maintenance" : "Nothing is quiet on purpose"}>
            <p>
              Before work on a host or a vault, start one: its alerts wait for the end, and what is
              over by then is told to nobody.
            </p>
          </Empty>
        }
      />
    </>
  );
}
