// Who is told, and who is let in: contacts, groups, policies and hosts, in a real browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./support/browser.mjs";
import { stage } from "./support/stage.mjs";
import { Stub } from "./support/stub.mjs";
import { until } from "./support/world.mjs";

/** Without events what a page shows is read every 30 s. */
const UNHEARD = { timeout: 45_000 };

let world;
let browser;
let page;

stage(["db-1"], (on) => ({ world, browser, page } = on));

const button = (name) => page.getByRole("button", { name, exact: true });
const dialog = () => page.locator("dialog[open]");

async function chooseAction(name, action) {
  await button(`Actions for ${name}`).click();
  await page.getByRole("menuitem", { name: action }).click();
}

async function createContact(name, email) {
  await visit(page, "/contacts");
  await button("New contact").click();
  await dialog().getByLabel("Name", { exact: true }).fill(name);
  await dialog().getByLabel("E-mail address").fill(email);
  await button("Create and send the code").click();
  await page.waitForURL(`**/contacts/${name}`);
}

/** The code in the newest mail to an address. */
function codeSentTo(email) {
  return until(`a code for ${email}`, () => {
    const mail = world.mails.findLast(({ to }) => to.includes(email));
    return /Your code: (\d+)/.exec(mail.text)?.[1];
  });
}

async function confirmContact(email) {
  await page.getByLabel(/^Code that was sent/).fill(await codeSentTo(email));
  await button("Confirm").click();
  await page.locator("main .status", { hasText: "verified" }).first().waitFor();
}

async function addContact(name) {
  const email = `${name}@test.example`;
  await createContact(name, email);
  await confirmContact(email);
}

test("a contact is created, and confirmed with the code that it was sent", async () => {
  await createContact("alice", "alice@test.example");
  const state = page.locator("main .panel .status", { hasText: "code sent" });
  await state.waitFor();
  assert.match(await page.locator("form.code small").textContent(), /expires in \d+ min; 5 tries/);
  assert.equal(
    await page.getByRole("button", { name: /^Send another code in/ }).isDisabled(),
    true,
  );
  await page.getByLabel(/^Code that was sent/).fill("000000");
  await button("Confirm").click();
  await page.locator("form.code .problem").waitFor();
  await confirmContact("alice@test.example");
  const found = await world.vaultbell("contact", "show", "alice");
  assert.equal(found.channels[0].state, "verified");
});

test("a changed address is not used before it is confirmed, and the page says so", async () => {
  await addContact("bob");
  await button("Change").click();
  await dialog().getByLabel("E-mail address").fill("robert@test.example");
  await button("Save").click();
  await page.locator("main .status", { hasText: "code sent" }).waitFor();
  const facts = await page.locator("main .panel .facts").first().textContent();
  assert.match(facts, /robert@test\.example.*In use now.*bob@test\.example/);
});

test("members of a group are chosen in two lists, by keyboard", async () => {
  await addContact("carol");
  await visit(page, "/groups");
  await button("New group").click();
  await dialog().getByLabel("Name").fill("night-shift");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/groups/night-shift");
  await page.getByLabel("Search: All contacts").fill("caro");
  await button("Add carol").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await button("Remove carol").waitFor();
  await button("Save").click();
  await page.locator(".head", { hasText: "1 member" }).waitFor();
  const group = await world.vaultbell("group", "show", "night-shift");
  assert.deepEqual(group.members, ["carol"]);
});

test("a custom policy shows whom it would tell before it is saved", async () => {
  await addContact("dora");
  await visit(page, "/clients/db-1/policy");
  await page.getByRole("radio", { name: /^custom/ }).check();
  await page.getByText("Cannot be saved yet: choose at least one").waitFor();
  assert.equal(await button("Save").isDisabled(), true);
  await page
    .getByRole("group", { name: /^Told contacts/ })
    .getByLabel("dora")
    .check();
  await page.getByLabel("Held for").fill("20m");
  await page.getByText("dora@test.example would be told 20 min after").waitFor();
  assert.equal((await world.vaultbell("client", "show", "db-1")).policy, "default");
  await button("Save").click();
  await page.waitForURL("**/clients/db-1?tab=settings");
  const { own_policy: policy } = await world.vaultbell("client", "show", "db-1");
  assert.deepEqual(
    [policy.mode, policy.contacts, policy.notify_after],
    ["custom", ["dora"], "20m"],
  );
});

test("a policy that somebody else has changed meanwhile is not overwritten unseen", async () => {
  const stub = new Stub();
  await stub.start();
  const nothing = { contacts: [], groups: [], kinds: [], notify_after_by_kind: {} };
  const policy = { mode: "default", ...nothing, escalation_contacts: [], escalation_groups: [] };
  const vault = { id: 1, name: "prod", own_policy: policy, managed_by: null, revision: 3 };
  const current = { ...vault, own_policy: { ...policy, remind_every: "1d" }, revision: 4 };
  stub.answers["GET /vaults/prod"] = vault;
  stub.answers["POST /explain/policy"] = { kinds: [] };
  const sent = [];
  stub.answers["PUT /vaults/prod/policy"] = (body) => {
    sent.push(body.revision);
    if (body.revision === 4) return [200, {}];
    return [409, { error: { code: "stale", message: "changed", current, changed_by: "bob" } }];
  };
  await visit(page, `${stub.address}/vaults/prod/policy`);
  await page.getByLabel("Reminds every").fill("2d");
  await button("Save").click();
  await dialog().getByText("bob changed it").waitFor();
  assert.match(await dialog().locator("tbody").textContent(), /remind every.*1d.*2d/);
  await button("Save mine all the same").click();
  await page.waitForURL("**/vaults/prod");
  assert.deepEqual(sent, [3, 4]);
  stub.end();
});

test("a contact that is used is not deleted, and each use is a link", async () => {
  await addContact("erik");
  await world.vaultbell("group", "create", "erik-only", "--member", "erik");
  await visit(page, "/contacts");
  await chooseAction("erik", "Delete");
  await button("Delete").click();
  await dialog().locator(".problem").waitFor();
  await dialog().getByRole("link", { name: "group erik-only: a member" }).click();
  await page.waitForURL("**/groups/erik-only");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal((await world.vaultbell("contact", "show", "erik")).name, "erik");
});

/** Makes a token by the page; gives its text. */
async function makeToken(when) {
  await visit(page, "/enrolment");
  await button("Add a host").click();
  await dialog().getByLabel("When it asks").selectOption({ label: when });
  await button("Make the token").click();
  const lines = await page.getByLabel("Lines to paste on the host").textContent();
  return /echo '(.*)' \| sudo vaultbell-agent enrol/.exec(lines)[1];
}

const arrival = (text) => page.locator("main [role=status]", { hasText: text });

test("a host that is added appears by itself, and turns green", async () => {
  const token = await makeToken("it is let in by itself");
  await arrival("no host has used the token yet").waitFor();
  await world.joinHost("web-1", token);
  await arrival("web-1 is let in: online").waitFor(UNHEARD);
  await page.locator(".status.good", { hasText: "online" }).waitFor();
});

test("a host is let in after its fingerprint was compared", async () => {
  const token = await makeToken("somebody compares its fingerprint first");
  const joined = world.joinHost("web-2", token);
  await until("it has asked", async () => (await world.vaultbell("enrol", "pending")).length === 1);
  const [{ fingerprint }] = await world.vaultbell("enrol", "pending");
  await visit(page, "/enrolment");
  await chooseAction("web-2", "Approve");
  assert.match(await dialog().textContent(), new RegExp(fingerprint));
  await button("It is the same: approve").click();
  await joined;
  await page.locator("tbody tr").waitFor({ state: "detached" });
});
