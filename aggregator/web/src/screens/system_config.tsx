// What is declared in files, and how that differs from what is in force.

import { send } from "../api/request.ts";
import type { ConfigDiff } from "../api/running.ts";
import { mayAdminister } from "../api/session.ts";
import type { Status } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { ask } from "../parts/dialog.tsx";
import { Facts, Panel, ProblemNote, Waiting } from "../parts/notes.tsx";
import { Output } from "../parts/output.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { ChangeList } from "./change_list.tsx";

const ABOUT = ["audit"] as const;

export function Config() {
  const config = useReading<Status["declared"]>("/config", ABOUT);
  const diff = useReading<ConfigDiff>("/config/diff", ABOUT);
  const done = () => {
    config.reread();
    diff.reread();
  };
  const { found } = config;
  return (
    <>
      <Panel title="Declared in files">
        {config.problem && <ProblemNote problem={config.problem} retry={config.reread} />}
        {found && (
          <Facts
            facts={[
              ["Folder", found.folder],
              ["Objects", found.objects],
              ["Not applied", found.problem && <span class="bad">{found.problem}</span>],
            ]}
          />
        )}
      </Panel>
      <Panel title="What applying them now would do" aside={<Apply done={done} />}>
        {diff.problem && <ProblemNote problem={diff.problem} retry={diff.reread} />}
        {!diff.found && !diff.problem && <Waiting />}
        {diff.found && <Diff diff={diff.found} />}
      </Panel>
      {mayAdminister.value && (
        <Panel title="What no file declares, as a file would">
          <Exported />
        </Panel>
      )}
    </>
  );
}

function Apply({ done }: { done: () => void }) {
  const apply = async () => {
    const answer = await ask({
      title: "Apply what is declared",
      text: "Reads the configuration and the files again. All of it is applied, or nothing.",
      confirm: "Apply",
      act: () => send("POST", "/config/apply", {}),
    });
    if (!answer) return;
    toast("Applied");
    done();
  };
  if (!mayAdminister.value) return null;
  return (
    <button type="button" onClick={() => void apply().catch(complain)}>
      Apply
    </button>
  );
}

function Diff({ diff }: { diff: ConfigDiff }) {
  const { mistakes, refusals, remarks, changes } = diff;
  const isNothing = mistakes.length + refusals.length + remarks.length + changes.length === 0;
  return (
    <>
      {isNothing && <p class="quiet">Nothing: everything is as the files say.</p>}
      <Sentences title="Mistakes" all={mistakes} isBad />
      <Sentences title="Would be refused" all={refusals} isBad />
      <Sentences title="Remarks" all={remarks} />
      <ChangeList changes={changes} />
    </>
  );
}

interface SentencesProps {
  title: string;
  all: readonly string[];
  isBad?: boolean;
}

function Sentences({ title, all, isBad = false }: SentencesProps) {
  if (all.length === 0) return null;
  return (
    <>
      <h3 class={isBad ? "bad" : ""}>{title}</h3>
      <ul>
        {all.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

/** It has addresses of webhooks, which are secrets. */
function Exported() {
  const { found, problem, reread } = useReading<{ toml: string }>("/config/export", ABOUT);
  if (problem) return <ProblemNote problem={problem} retry={reread} />;
  return found ? <Output text={found.toml} none="Everything is declared." /> : <Waiting />;
}
