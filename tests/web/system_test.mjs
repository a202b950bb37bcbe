// The aggregator itself in a real browser: quiet on purpose, what was sent, who changed what, who may come in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./support/browser.mjs";
import { stage } from "./support/stage.mjs";
import { Stub } from "./support/stub.mjs";

let world;
let browser;
let page;

stage(["db-1"], (on) => ({ world, browser, page } = on));

const button = (name) => page.getByRole("button", { name, exact: true });
const row = (text) => page.locator("tbody tr", { hasText: text });
const field = (name) => page.locator(`dialog[open] [name=${name}]`);
const confirm = () => page.locator("dialog[open] button[type=submit]").click();

async function choose(text, action) {
  await row(text).click({ button: "right" });
  await page.getByRole("menuitem", { name: action }).click();
}

test("a maintenance is started, extended and ended, and says why", async () => {
  await visit(page, "/maintenance");
  await button("Start or plan").click();
  await field("vault").selectOption("production");
  await field("why").fill("new disks");
  await confirm();
  await choose("new disks", "Extend");
  await field("for").fill("5h");
  await confirm();
  await row("new disks").getByText("in 4 h").waitFor();
  await choose("new disks", "End now");
  await confirm();
  await row("new disks").waitFor({ state: "detached" });
  await visit(page, "/maintenance?tab=all");
  assert.match(await row("new disks").textContent(), /vault production.*over/);
});

test("the matrix has those first of whom nobody would be told", async () => {
  await world.vaultbell("policy", "set", "client", "db-1", "off");
  await visit(page, "/policies?nobody=true");
  assert.match(await row("db-1").textContent(), /nobody would be told.*off/);
  await row("db-1").getByRole("link", { name: "the client" }).click();
  await page.getByRole("radio", { name: /^off/ }).waitFor();
  assert.equal(await page.getByRole("radio", { name: /^off/ }).isChecked(), true);
});

test("a delivery shows each attempt with the other side's answer", async () => {
  await visit(page, "/deliveries?recipient=owner%40test.example");
  await row("welcome").click();
  await page.waitForURL("**/deliveries/*");
  const attempts = page.locator(".panel", { hasText: "Attempts" });
  assert.match(await attempts.textContent(), /accepted the message.*250 2\.0\.0 Queued/);
});

test("what a message says is shown as text, never as a page", async () => {
  const stub = new Stub();
  await stub.start();
  stub.answers["GET /deliveries/7"] = {
    ...{ id: 7, state: "delivered", event: "raised", headline: "<b>disk</b> full", attempts: [] },
    ...{ name: "alice", address: "alice@test.example", created_at: "2026-11-29T20:00:00Z" },
  };
  const text = `<img src=x onerror="document.title='taken'">`;
  stub.answers["GET /deliveries/7/message"] = {
    subject: "[CRITICAL] <i>db-1</i>",
    text,
    raw: text,
  };
  await visit(page, `${stub.address}/deliveries/7`);
  await page.getByRole("heading", { name: "[CRITICAL] <i>db-1</i>" }).waitFor();
  assert.equal(await page.locator("pre.output").first().textContent(), text);
  assert.equal(await page.locator("main img, main i, main b, iframe").count(), 0);
  stub.end();
});

test("the audit log opens to what was before and what is after", async () => {
  await world.vaultbell("vault", "create", "spare");
  await world.vaultbell("policy", "set", "vault", "spare", "off");
  await visit(page, "/system?tab=audit&action=set_policy");
  await row("vault spare changed").first().locator("summary").click();
  const line = page.locator(".differences tr", { hasText: "own policy mode" });
  assert.match(await line.first().textContent(), /default.*off/);
});

test("the secret of an access is shown once, as it is pasted", async () => {
  const stub = new Stub();
  await stub.start();
  const asked = [];
  stub.answers["POST /access/login-links"] = (body) => {
    asked.push(body);
    return [200, { token: "vbl_secret", changes: [] }];
  };
  await page.goto(`${stub.address}/system?tab=access`);
  await button("New login link").click();
  await field("name").fill("alice");
  await field("role").selectOption("operator");
  await confirm();
  await page.getByText(`${stub.address}/login#once=vbl_secret`).waitFor();
  await button("It is kept").click();
  assert.equal(await page.getByText("vbl_secret").count(), 0);
  assert.deepEqual(asked, [{ name: "alice", role: "operator", expires_in: "10m" }]);
  stub.end();
});
