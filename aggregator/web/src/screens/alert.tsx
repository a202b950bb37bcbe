// S9: decide. What is wrong, who is told of it when and why, and what can be done.

import { path, send } from "../api/request.ts";
import { mayOperate } from "../api/session.ts";
import type { Alert as AlertThing, Run, Story } from "../api/things.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { useReading } from "../live/reading.ts";
import { ask } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { Facts, Panel } from "../parts/notes.tsx";
import { Output } from "../parts/output.tsx";
import { StatusOf } from "../parts/status.tsx";
import { StoryList } from "../parts/story.tsx";
import { Time } from "../parts/time.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { Unread } from "../parts/unread.tsx";
import { count } from "../words/amounts.ts";
import { plain } from "../words/states.ts";
import { AlertList, alertActions } from "./alert_list.tsx";
import { AlertRecipients } from "./alert_recipients.tsx";
import { jobAddress } from "./job_list.tsx";

export function Alert({ params }: ScreenProps) {
  const id = params["id"]!;
  const reading = useReading<AlertThing>(path("alerts", id), ["alert", "delivery"]);
  const alert = reading.found;
  const story = useReading<Story>(`/explain/alert${path(id)}`, ["alert", "delivery"]);
  if (!alert) return <Unread title={`Alert ${id}`} reading={reading} />;
  const done = () => {
    reading.reread();
    story.reread();
  };
  return (
    <>
      <AlertHead alert={alert} done={done} />
      <div class="columns">
        <div>
          <Panel title="What happened">
            <StoryList story={story.found?.story ?? []} />
          </Panel>
          <Comments alert={alert} done={done} />
          {alert.run && <RunOutput id={alert.run} />}
        </div>
        <div>
          <AlertRecipients alert={alert} />
          <AlertFacts alert={alert} />
        </div>
      </div>
      {alert.client && (
        <Panel title="Alerts of this kind about this client">
          <AlertList
            fixed={{ client: alert.client, kind: alert.kind, state: "all" }}
            shownMax={10}
            empty={null}
          />
        </Panel>
      )}
    </>
  );
}

function AlertHead({ alert, done }: { alert: AlertThing; done: () => void }) {
  const actions = alertActions().filter((action) => action.isFor?.(alert) ?? true);
  return (
    <Head
      title={alert.headline}
      sentence={
        <>
          <StatusOf state={alert.severity} /> <StatusOf state={alert.state} /> since{" "}
          <Time at={alert.first_at} />
          {alert.occurrences > 1 && `, ${count(alert.occurrences, "time")}`}
          {alert.is_flapping && ", flapping"}. {alert.message}
        </>
      }
    >
      {actions.map(({ word, run }, i) => (
        <button
          key={word}
          type="button"
          class={i === 0 && word === "Inactivate" ? "main" : ""}
          onClick={() => void Promise.resolve(run([alert])).then(done, complain)}
        >
          {word}
        </button>
      ))}
    </Head>
  );
}

function AlertFacts({ alert }: { alert: AlertThing }) {
  const { client, vault, job, run, inactivation, acknowledgement } = alert;
  return (
    <Panel title={`Alert ${alert.id}`}>
      <Facts
        facts={[
          ["Kind", plain(alert.kind)],
          ["Client", client && <a href={path("clients", client)}>{client}</a>],
          ["Vault", vault && <a href={path("vaults", vault)}>{vault}</a>],
          ["Job", client && job && <a href={jobAddress({ client, name: job })}>{job}</a>],
          ["Run", run && <a href={path("runs", run)}>{run}</a>],
          ["First", <Time at={alert.first_at} isExact />],
          ["Last", <Time at={alert.last_at} isExact />],
          [
            "Acknowledged by",
            acknowledgement &&
              [acknowledgement.who, acknowledgement.why].filter(Boolean).join(": "),
          ],
          [
            "Inactivated",
            inactivation &&
              [inactivation.reason_sentence, inactivation.who, inactivation.why]
                .filter(Boolean)
                .join(" "),
          ],
        ]}
      />
    </Panel>
  );
}

function Comments({ alert, done }: { alert: AlertThing; done: () => void }) {
  const add = async () => {
    const answer = await ask({
      title: "Comment",
      fields: [{ name: "text", label: "What others should know", isRequired: true }],
      confirm: "Add",
      act: (filled) => send("POST", `${path("alerts", alert.id)}/comment`, filled),
    });
    if (!answer) return;
    toast("Comment added");
    done();
  };
  return (
    <Panel
      title="Comments"
      aside={
        mayOperate.value && (
          <button type="button" class="small" onClick={() => void add().catch(complain)}>
            Add
          </button>
        )
      }
    >
      {alert.comments.length === 0 && <p class="quiet">None yet.</p>}
      <StoryList
        story={alert.comments.map(({ at, who, text }) => ({ at, what: `${who}: ${text}` }))}
      />
    </Panel>
  );
}

function RunOutput({ id }: { id: number }) {
  const run = useReading<Run>(path("runs", id), ["run"]).found;
  if (!run) return null;
  return (
    <Panel
      title="What the run printed at the end"
      aside={<a href={path("runs", id)}>{`Run ${id}`}</a>}
    >
      <Output text={run.output} none="The agent sent no output of this run." />
    </Panel>
  );
}
