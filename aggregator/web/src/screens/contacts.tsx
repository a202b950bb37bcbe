// S10: who gets told.

import type { Contact, ContactChannel } from "../api/people.ts";
import { path } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import { Head } from "../parts/head.tsx";
import { type Column, List } from "../parts/list.tsx";
import { Empty } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { complain } from "../parts/toasts.tsx";
import { contactActions, createContact } from "./contact_actions.ts";

/** An address with its state, and the one in use where that is another. */
export function ChannelOf({ channel }: { channel: ContactChannel | undefined }) {
  if (!channel) return <span class="quiet none">–</span>;
  const { address, state, in_use: inUse } = channel;
  return (
    <>
      <span class="address">{address}</span>
      <span class="second">
        <StatusOf state={state} />
      </span>
      {inUse !== null && inUse !== address && (
        <span class="second address">until then messages go to {inUse}</span>
      )}
    </>
  );
}

function columnOf(head: string, name: ContactChannel["channel"]): Column<Contact> {
  const cell = ({ channels }: Contact) => (
    <ChannelOf channel={channels.find(({ channel }) => channel === name)} />
  );
  return { head, onPhone: "fact", cell };
}

const COLUMNS: readonly Column<Contact>[] = [
  { head: "Contact", onPhone: "lead", cell: ({ name }) => name },
  columnOf("E-mail", "email"),
  columnOf("Mobile", "mobile"),
  columnOf("Webhook", "webhook"),
  { head: "Groups", cell: (contact) => contact.groups.join(", ") || "–" },
  { head: "Used in", isNumber: true, cell: ({ uses }) => uses },
  { head: "Declared in", cell: (contact) => contact.managed_by ?? "–" },
];

export function Contacts() {
  return (
    <>
      <Head title="Contacts" sentence="Those who can be told. Policies name them, or their groups.">
        <a class="button" href="/groups">
          Groups
        </a>
        {mayAdminister.value && (
          <button type="button" class="main" onClick={() => void createContact().catch(complain)}>
            New contact
          </button>
        )}
      </Head>
      <List<Contact>
        noun="contact"
        route="/contacts"
        about={["contact", "group", "address"]}
        columns={COLUMNS}
        keyOf={({ name }) => name}
        watched={({ channels }) => channels.map(({ state, address }) => state + address).join()}
        addressOf={({ name }) => path("contacts", name)}
        actions={contactActions()}
        empty={
          <Empty title="No contact yet">
            <p>
              Until there is one, the owners in [account] of the aggregator's configuration are
              told. Make a contact, confirm the code that it gets, and name it in a policy.
            </p>
          </Empty>
        }
      />
    </>
  );
}
