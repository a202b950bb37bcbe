// Alerts as a list, with what can be done to them; on several screens.

import type { ComponentChildren } from "preact";
import { path, send } from "../api/request.ts";
import { mayOperate } from "../api/session.ts";
import type { Alert } from "../api/things.ts";
import { now } from "../frame/settings.ts";
import { ask } from "../parts/dialog.tsx";
import type { Filter } from "../parts/filters.ts";
import { type Action, type Column, List } from "../parts/list.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { toast } from "../parts/toasts.tsx";
import { count } from "../words/amounts.ts";
import { tellingText } from "../words/sentences.ts";
import { pause } from "./client_actions.ts";

const isOver = (alert: Alert): boolean => alert.state === "inactive";

async function sendAll(alerts: readonly Alert[], order: string, body: unknown): Promise<void> {
  for (const { id } of alerts) await send("POST", `${path("alerts", id)}/${order}`, body);
}

/** Asks for the reason, once for all of them. */
export async function inactivate(alerts: readonly Alert[]): Promise<void> {
  const title = alerts.length === 1 ? "Inactivate the alert" : `Inactivate ${alerts.length} alerts`;
  const answer = await ask({
    title,
    text:
      alerts.length === 1
        ? alerts[0]!.headline
        : "Nobody is told. If it happens again, that is a new alert.",
    fields: [{ name: "why", label: "Why", hint: "kept with the alert" }],
    confirm: "Inactivate",
    act: (filled) => sendAll(alerts, "inactivate", filled),
  });
  if (answer) toast(`${count(alerts.length, "alert")} inactivated`);
}

export async function acknowledge(alerts: readonly Alert[]): Promise<void> {
  await sendAll(alerts, "acknowledge", {});
  toast(`${count(alerts.length, "alert")} acknowledged: no more reminders`);
}

export async function reactivate(alerts: readonly Alert[]): Promise<void> {
  await sendAll(alerts, "reactivate", {});
  toast(`${count(alerts.length, "alert")} active again`);
}

export async function notifyNow(alerts: readonly Alert[]): Promise<void> {
  await sendAll(alerts, "notify-now", {});
  toast("The hold is over: messages go out");
}

async function quiet([alert]: readonly Alert[]): Promise<void> {
  await pause([{ name: alert!.client! }]);
}

export function alertActions(): Action<Alert>[] {
  if (!mayOperate.value) return [];
  return [
    {
      word: "Inactivate",
      key: "i",
      run: inactivate,
      isFor: (alert) => !isOver(alert),
      isForMany: true,
    },
    {
      word: "Acknowledge",
      key: "a",
      run: acknowledge,
      isFor: (alert) => alert.state === "active",
      isForMany: true,
    },
    { word: "Notify now", run: notifyNow, isFor: (alert) => alert.notifies_at !== null },
    { word: "Maintenance of the client", run: quiet, isFor: (alert) => alert.client !== null },
    { word: "Reactivate", run: reactivate, isFor: isOver, isForMany: true },
  ];
}

const COLUMNS: readonly Column<Alert>[] = [
  {
    head: "Alert",
    onPhone: "lead",
    cell: (alert) => alert.headline,
  },
  { head: "Severity", onPhone: "fact", cell: (alert) => <SeverityOf alert={alert} /> },
  { head: "Client", cell: (alert) => alert.client ?? "–" },
  { head: "Vault", cell: (alert) => alert.vault ?? "–" },
  { head: "Since", onPhone: "fact", cell: (alert) => <Time at={alert.first_at} /> },
  { head: "Times", isNumber: true, cell: (alert) => alert.occurrences },
  { head: "Told", onPhone: "fact", cell: (alert) => <Telling alert={alert} /> },
];

function SeverityOf({ alert }: { alert: Alert }) {
  if (isOver(alert)) {
    return (
      <>
        <StatusOf state="inactive" />
        <span class="second">{alert.inactivation?.who ?? "by itself"}</span>
      </>
    );
  }
  if (alert.state === "acknowledged")
    return <StatusOf state={alert.severity} word={`${alert.severity}, acknowledged`} />;
  return <StatusOf state={alert.severity} />;
}

export function Telling({ alert }: { alert: Alert }) {
  return <span class="telling">{tellingText(alert, now.value)}</span>;
}

const RANK = { critical: 0, warning: 1, informational: 2 };

/** The worst first, and of these the newest, as the aggregator gives them. */
export function worstFirst(alerts: readonly Alert[]): readonly Alert[] {
  const rank = (alert: Alert) => RANK[alert.severity] + (alert.state === "active" ? 0 : 3);
  return [...alerts].sort((one, other) => rank(one) - rank(other));
}

interface AlertListProps {
  fixed: Record<string, string>;
  filters?: readonly Filter[];
  headingOf?: ((alert: Alert) => string) | undefined;
  shownMax?: number;
  empty: ComponentChildren;
}

export function AlertList(props: AlertListProps) {
  return (
    <List<Alert>
      noun="alert"
      route="/alerts"
      about={["alert"]}
      columns={COLUMNS}
      keyOf={(alert) => String(alert.id)}
      watched={(alert) => `${alert.state} ${alert.occurrences} ${alert.told_so_far}`}
      nameOf={(alert) => alert.headline}
      addressOf={(alert) => path("alerts", alert.id)}
      actions={alertActions()}
      {...(props.fixed["state"] ? {} : { arranged: worstFirst })}
      {...props}
    />
  );
}
