// What can be done to contacts; in their list and on their page.

import { createElement } from "preact";
import type { Contact } from "../api/people.ts";
import { newIdempotencyKey, path, read, send } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import { go } from "../frame/router.ts";
import { type Body, change } from "../parts/change.tsx";
import { type Answer, ask } from "../parts/dialog.tsx";
import type { Action } from "../parts/list.tsx";
import { Lines } from "../parts/notes.tsx";
import { toast } from "../parts/toasts.tsx";
import { deleteUsed } from "../parts/uses.tsx";

const MOBILE_HINT = "such as +491701234567";
const WEBHOOK_HINT = "such as https://… or slack+https://hooks.slack.com/services/…";

export async function createContact(): Promise<void> {
  const answer = await ask({
    title: "New contact",
    text: "At least one address: a code goes to each, and only what is confirmed with it gets alerts.",
    fields: [
      { name: "name", label: "Name", isRequired: true },
      { name: "email", label: "E-mail address" },
      { name: "mobile", label: "Mobile number", hint: MOBILE_HINT },
      { name: "webhook", label: "Webhook", hint: WEBHOOK_HINT },
    ],
    confirm: "Create and send the code",
    act: (filled) => send("POST", "/contacts", filled, { idempotencyKey: newIdempotencyKey() }),
  });
  if (answer) go(path("contacts", answer["name"]!));
}

function addressIn(contact: Contact, channel: string): string {
  return contact.channels.find((one) => one.channel === channel)?.address ?? "";
}

/** A webhook's address is a secret, and not read: what is there stays where nothing is filled in. */
function webhookHint(contact: Contact): string {
  const shown = addressIn(contact, "webhook");
  return shown ? `empty: ${shown} stays; none: it is taken away` : WEBHOOK_HINT;
}

/** What was emptied is taken away. */
function changedContact({ name, email, mobile, webhook }: Answer): Body {
  const changed = { name, email: email ?? null, mobile: mobile ?? null };
  if (webhook === undefined) return changed;
  return { ...changed, webhook: webhook === "none" ? null : webhook };
}

/** What a receiver of its own JSON checks signatures with. */
export async function showSecret({ name }: Contact): Promise<void> {
  const { secret } = await read<{ secret: string }>(`${path("contacts", name)}/webhook-secret`);
  await ask({
    title: `Signatures for ${name}`,
    text: createElement(Lines, { label: "Secret for signatures", text: secret }),
    confirm: "Close",
    isTold: true,
  });
}

/** The name that it has then; null where it was called off. */
export async function editContact(contact: Contact): Promise<string | null> {
  const answer = await ask({
    title: `Change ${contact.name}`,
    text: "A changed address gets a code; until it is confirmed, messages go to the old one.",
    fields: [
      { name: "name", label: "Name", value: contact.name, isRequired: true },
      { name: "email", label: "E-mail address", value: addressIn(contact, "email") },
      {
        name: "mobile",
        label: "Mobile number",
        value: addressIn(contact, "mobile"),
        hint: MOBILE_HINT,
      },
      { name: "webhook", label: "Another webhook", hint: webhookHint(contact) },
    ],
    confirm: "Save",
    act: (filled) =>
      change("PATCH", path("contacts", contact.name), changedContact(filled), contact),
  });
  if (!answer) return null;
  toast(`${answer["name"]} is changed`);
  return answer["name"]!;
}

export async function sendCode({ name }: Contact): Promise<void> {
  await send("POST", `${path("contacts", name)}/verify`, {});
  toast(`A code is on its way to ${name}`);
}

export async function sendTest({ name }: Contact): Promise<void> {
  await send("POST", `${path("contacts", name)}/test`, {});
  toast(`A test message is on its way to ${name}`);
}

/** What can be said of it at all, before the aggregator is asked. */
export function awaitsCode({ channels }: Contact): boolean {
  return channels.some(({ state }) => state !== "verified");
}

export function contactActions(): Action<Contact>[] {
  if (!mayAdminister.value) return [];
  return [
    { word: "Change", run: ([contact]) => editContact(contact!) },
    { word: "Send the code again", run: ([contact]) => sendCode(contact!), isFor: awaitsCode },
    {
      word: "Send a test message",
      run: ([contact]) => sendTest(contact!),
      isFor: (contact) => contact.is_reachable,
    },
    {
      word: "Delete",
      run: ([contact]) => deleteUsed("contact", contact!.name),
      isDangerous: true,
    },
  ];
}
