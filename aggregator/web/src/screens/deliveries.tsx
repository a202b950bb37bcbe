// S15: did the mail go out?

import type { Filter } from "../parts/filters.ts";
import { Head } from "../parts/head.tsx";
import { Empty } from "../parts/notes.tsx";
import { choicesOf } from "./choices.ts";
import { DeliveryList } from "./delivery_list.tsx";

const STATES = choicesOf(["given_up", "pending", "sending", "gathered", "delivered", "cancelled"]);

const FILTERS: readonly Filter[] = [
  { kind: "choice", name: "state", label: "State", choices: STATES },
  { kind: "text", name: "recipient", label: "Name or address" },
  { kind: "text", name: "alert", label: "Number of the alert" },
];

export function Deliveries() {
  return (
    <>
      <Head title="Deliveries" sentence="Each message to one address, with what became of it.">
        <a class="button" href="/digests">
          Digests to come
        </a>
      </Head>
      <DeliveryList
        filters={FILTERS}
        empty={
          <Empty title="Nothing was sent yet">
            <p>
              A message goes out when an alert is told, when an address is to be verified, and when
              you raise a test alert in the menu of a client.
            </p>
          </Empty>
        }
      />
    </>
  );
}
