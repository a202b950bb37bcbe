// Deliveries as a list, with what can be done to them; on several screens.

import type { ComponentChildren } from "preact";
import { path, send } from "../api/request.ts";
import { mayOperate } from "../api/session.ts";
import type { Delivery } from "../api/things.ts";
import type { Filter } from "../parts/filters.ts";
import { type Action, type Column, List } from "../parts/list.tsx";
import { StatusOf } from "../parts/status.tsx";
import { Time } from "../parts/time.tsx";
import { toast } from "../parts/toasts.tsx";
import { count } from "../words/amounts.ts";
import { plain } from "../words/states.ts";

async function sendAll(deliveries: readonly Delivery[], order: string): Promise<void> {
  for (const { id } of deliveries) await send("POST", `${path("deliveries", id)}/${order}`, {});
}

export async function retry(deliveries: readonly Delivery[]): Promise<void> {
  await sendAll(deliveries, "retry");
  toast(`${count(deliveries.length, "delivery", "deliveries")} tried now`);
}

async function cancel(deliveries: readonly Delivery[]): Promise<void> {
  await sendAll(deliveries, "cancel");
  toast(`${count(deliveries.length, "delivery", "deliveries")} cancelled`);
}

export function deliveryActions(): Action<Delivery>[] {
  if (!mayOperate.value) return [];
  return [
    {
      word: "Retry now",
      run: retry,
      isFor: ({ state }) => state === "pending" || state === "given_up",
      isForMany: true,
    },
    {
      word: "Cancel",
      run: cancel,
      isFor: ({ state }) => state === "pending",
      isForMany: true,
      isDangerous: true,
    },
  ];
}

/** "raised: backup of db-1 failed", "welcome". */
export function subjectText({ event, headline }: Delivery): string {
  return headline ? `${plain(event)}: ${headline}` : plain(event);
}

export function whoText({ name, address }: { name: string; address: string }): string {
  return name === address ? name : `${name}, ${address}`;
}

function StateOf({ delivery }: { delivery: Delivery }) {
  const { state, next_attempt_at: next, end_reason_sentence: reason } = delivery;
  return (
    <>
      <StatusOf state={state} />
      {state === "pending" && next && (
        <span class="second">
          next try <Time at={next} />
        </span>
      )}
      {(state === "given_up" || state === "cancelled") && <span class="second">{reason}</span>}
    </>
  );
}

const COLUMNS: readonly Column<Delivery>[] = [
  { head: "Message", onPhone: "lead", cell: subjectText },
  { head: "State", onPhone: "fact", cell: (delivery) => <StateOf delivery={delivery} /> },
  {
    head: "To",
    onPhone: "fact",
    cell: (delivery) => <span class="address">{whoText(delivery)}</span>,
  },
  { head: "Channel", cell: ({ channel }) => channel },
  { head: "Queued", onPhone: "fact", cell: ({ created_at: at }) => <Time at={at} /> },
  { head: "Tries", isNumber: true, cell: ({ attempt_count: number }) => number },
  { head: "Last answer", cell: ({ last_answer: answer }) => answer ?? "–" },
];

interface DeliveryListProps {
  fixed?: Record<string, string>;
  filters?: readonly Filter[];
  shownMax?: number;
  empty: ComponentChildren;
}

export function DeliveryList(props: DeliveryListProps) {
  return (
    <List<Delivery>
      noun="delivery"
      nouns="deliveries"
      route="/deliveries"
      about={["delivery"]}
      columns={COLUMNS}
      keyOf={({ id }) => String(id)}
      watched={({ state, attempt_count: number }) => `${state} ${number}`}
      nameOf={subjectText}
      addressOf={({ id }) => path("deliveries", id)}
      actions={deliveryActions()}
      {...props}
    />
  );
}
