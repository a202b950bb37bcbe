// How the aggregator itself is: whether silence can be trusted, its channels and its figures.

import type { Check, System } from "../api/running.ts";
import type { Channel } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { type Column, List } from "../parts/list.tsx";
import { Facts, Panel, ProblemNote, Waiting } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { bytesText } from "../words/amounts.ts";
import { durationText } from "../words/durations.ts";

export function Health() {
  const system = useReading<System>("/system", ["channel", "client"]);
  return (
    <>
      <Findings />
      <Panel title="Channels">
        <Channels />
      </Panel>
      {system.problem && <ProblemNote problem={system.problem} retry={system.reread} />}
      {!system.found && !system.problem && <Waiting />}
      {system.found && <Figures system={system.found} />}
    </>
  );
}

const RANK = ["critical", "warning"];

/** The worst first; those in order stay in theirs. */
function worstFirst(findings: Check["findings"]): Check["findings"] {
  const rank = ({ state }: Check["findings"][number]) =>
    RANK.includes(state) ? RANK.indexOf(state) : RANK.length;
  return [...findings].sort((one, other) => rank(one) - rank(other));
}

function Findings() {
  const about = ["alert", "client", "delivery", "channel"] as const;
  const { found, problem, reread } = useReading<Check>("/check", about);
  return (
    <Panel title="Can silence be trusted?" aside={found && <StatusOf state={found.state} />}>
      {problem && <ProblemNote problem={problem} retry={reread} />}
      {!found && !problem && <Waiting />}
      {found && <p>{found.sentence}</p>}
      {found && (
        <ul class="findings">
          {worstFirst(found.findings).map(({ name, state, sentence }) => (
            <li key={name}>
              <StatusOf state={state} />
              <span>{sentence}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function stateOf({ is_configured: isConfigured, failing_since: since }: Channel): string {
  if (!isConfigured) return "not_configured";
  return since ? "failed" : "ok";
}

const CHANNEL_COLUMNS: readonly Column<System["channels"][number]>[] = [
  { head: "Channel", onPhone: "lead", cell: ({ channel }) => channel },
  {
    head: "State",
    onPhone: "fact",
    cell: (channel) => (
      <>
        <StatusOf state={stateOf(channel)} />
        {channel.failing_since && (
          <span class="second">
            since <Time at={channel.failing_since} />: {channel.last_answer}
          </span>
        )}
      </>
    ),
  },
  {
    head: "Last delivered",
    onPhone: "fact",
    cell: ({ delivered_at: at }) => <Time at={at} none="never" />,
  },
  { head: "Waiting", isNumber: true, cell: ({ pending, sending }) => pending + sending },
  {
    head: "At most, to one address",
    cell: ({ limits }) =>
      limits.map(({ count, window }) => `${count} in ${durationText(window)}`).join(", "),
  },
];

function Channels() {
  return (
    <List<System["channels"][number]>
      noun="channel"
      route="/channels"
      about={["channel", "delivery"]}
      columns={CHANNEL_COLUMNS}
      keyOf={({ channel }) => channel}
      watched={({ failing_since: since, is_configured: is }) => `${since} ${is}`}
      empty={null}
      shownMax={100}
    />
  );
}

function Figures({ system }: { system: System }) {
  const { store, disk, loop, gateway, web, auditor, endpoints } = system;
  return (
    <div class="pair">
      <Panel title="The aggregator">
        <Facts
          facts={[
            ["Version", system.version],
            ["Up for", durationText(system.uptime)],
            ["Listens for agents at", endpoints["agents"]],
            ["For enrolment at", endpoints["enrolment"]],
            ["For browsers at", web.problem ?? web.address ?? "its socket alone"],
            ["Control socket", endpoints["control"]],
            ["State folder", system.state_dir],
            ["Auditor agreed", auditor.agreed_age && `${durationText(auditor.agreed_age)} ago`],
            ["Auditor", auditor.does_disagree && <span class="bad">disagrees</span>],
          ]}
        />
      </Panel>
      <Panel title="What it does">
        <Facts
          facts={[
            ["Store", `${bytesText(store.used_bytes)} of ${bytesText(store.max_bytes)}`],
            ["Disk", disk && `${bytesText(disk.free_bytes)} free of ${bytesText(disk.size_bytes)}`],
            ["Agents connected", gateway.clients_connected],
            ["Heartbeats", gateway.heartbeats],
            ["Messages refused", gateway.messages_refused],
            ["Reports postponed", gateway.reports_postponed],
            ["Waiting in its inbox", loop.inbox_depth],
            ["Slowest turn", durationText(loop.slowest_turn)],
            ["Last commit took", `${loop.last_commit_us} µs`],
          ]}
        />
      </Panel>
    </div>
  );
}
