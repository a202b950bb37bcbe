// What people do with the dashboard, in a real browser against a real aggregator.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, signIn, visit } from "./support/browser.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/world.mjs";

let world;
let browser;
let page;

stage(["db-1", "db-2"], (on) => ({ world, browser, page } = on));

const row = (text) => page.locator("tbody tr", { hasText: text });
const focused = () => page.evaluate(() => document.activeElement.textContent);

/** A failed backup of a job of its own, so that no test sees another's alert. */
async function raiseAlert(job) {
  await world.report("db-1", job, "failed", "--message", "the repository is full");
  const alerts = await world.vaultbell("alert", "list");
  return alerts.find((alert) => alert.headline.includes(`"${job}"`));
}

async function sayWhy(why) {
  await page.locator("dialog input[name=why]").fill(why);
  await page.locator("dialog button[type=submit]").click();
}

async function assertInactivated(alert, why) {
  const found = await until("the alert is inactive", async () => {
    const seen = await world.vaultbell("alert", "show", String(alert.id));
    return seen.state === "inactive" && seen;
  });
  assert.equal(found.inactivation.why, why);
}

test("the page of an alert says who is told, when and by which rule, and inactivates it", async () => {
  const alert = await raiseAlert("by-button");
  await visit(page, `/alerts/${alert.id}`);
  const told = await page.locator(".panel", { hasText: "Who is told" }).textContent();
  assert.match(told, /Nobody yet: in (59 min|1 h)/);
  assert.match(told, /owner@test\.example.*tells the owners/);
  await page.getByRole("button", { name: "Inactivate" }).first().click();
  await sayWhy("tape changed");
  await assertInactivated(alert, "tape changed");
  await page.getByRole("button", { name: "Reactivate" }).waitFor();
});

test("an alert is inactivated from its row's menu", async () => {
  const alert = await raiseAlert("by-menu");
  await visit(page, "/alerts");
  await row("by-menu")
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: "Inactivate" }).click();
  await sayWhy("by the menu");
  await assertInactivated(alert, "by the menu");
  await row("by-menu").waitFor({ state: "detached" });
});

test("an alert is inactivated by a right click", async () => {
  const alert = await raiseAlert("by-click");
  await visit(page, "/alerts");
  await row("by-click").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Inactivate" }).click();
  await sayWhy("by a right click");
  await assertInactivated(alert, "by a right click");
});

test("alerts are inactivated by keyboard alone, several at once with one reason", async () => {
  const one = await raiseAlert("by-key");
  const other = await raiseAlert("by-key-too");
  await visit(page, "/alerts");
  await row("by-key-too").waitFor();
  for (const key of ["j", "x", "j", "x", "i"]) await page.keyboard.press(key);
  await page.locator("dialog[open]").waitFor();
  assert.equal(await page.locator("dialog h2").textContent(), "Inactivate 2 alerts");
  await page.keyboard.type("by key");
  await page.keyboard.press("Enter");
  await assertInactivated(one, "by key");
  await assertInactivated(other, "by key");
});

test("a question that is called off changes nothing and gives the focus back", async () => {
  await raiseAlert("kept");
  await visit(page, "/alerts");
  await row("kept").waitFor();
  await page.keyboard.press("j");
  const before = await focused();
  await page.keyboard.press("i");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal(await focused(), before);
  assert.equal((await world.vaultbell("alert", "list")).length, 1);
});

test("a filter stands in the address, and Back brings it back", async () => {
  await visit(page, "/clients");
  await page.getByLabel("State").selectOption("online");
  await page.waitForURL("**/clients?state=online");
  await row("db-2").getByRole("link", { name: "db-2" }).click();
  await page.waitForURL("**/clients/db-2");
  await until("the heading has the focus", async () => (await focused()) === "db-2");
  await page.goBack();
  await page.waitForURL("**/clients?state=online");
  assert.equal(await page.getByLabel("State").inputValue(), "online");
});

test("search finds a client from anywhere, by keyboard", async () => {
  await visit(page, "/runs");
  await page.keyboard.press("s");
  await page.keyboard.type("DB-2");
  await page.getByRole("option", { name: "db-2" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/clients/db-2");
});

test("a vault with clients is not deleted, and the page says why", async () => {
  await visit(page, "/vaults/production");
  await page.getByRole("button", { name: "Actions for production" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.locator("dialog button[type=submit]").click();
  const problem = page.locator("dialog .problem");
  await problem.waitFor();
  assert.match(await problem.textContent(), /client/);
  assert.equal((await world.vaultbell("vault", "list")).length, 1);
});

test("markup in what a host says is text", async () => {
  const evil = `<img src=x onerror="document.title='taken'"><b>bold</b>`;
  await world.report("db-2", "markup", "failed", "--message", evil);
  const [run] = await world.vaultbell("run", "list");
  await visit(page, `/runs/${run.id}`);
  assert.match(await page.locator(".sentence").textContent(), /<img src=x onerror=.*<b>bold<\/b>/);
  assert.equal(await page.locator("main img").count(), 0);
});

test("a link from the command line signs one browser in, and only once", async () => {
  const link = await world.loginLink("viewer");
  for (const isFirst of [true, false]) {
    const other = await openPage(browser, world.address);
    await other.goto(link);
    if (isFirst) await other.locator(".person", { hasText: "tester viewer" }).waitFor();
    else await other.locator(".problem").waitFor();
    assert.ok(!other.url().includes("vbl_"), "the secret is left in the address");
    await other.context().close();
  }
});

test("who may only look is refused by the aggregator too", async () => {
  const alert = await raiseAlert("looked-at");
  const other = await openPage(browser, world.address);
  const secret = await world.apiToken("viewer");
  const { csrf } = await (await signIn(other, secret)).json();
  await visit(other, `/alerts/${alert.id}`);
  assert.equal(await other.getByRole("button", { name: "Inactivate" }).count(), 0);
  const answer = await other.context().request.post(`/api/v1/alerts/${alert.id}/inactivate`, {
    data: {},
    headers: { "X-CSRF-Token": csrf },
  });
  assert.equal(answer.status(), 403);
  await other.context().close();
});

test("a failing backup appears by itself, in each of eight tabs", async () => {
  const tabs = [page];
  while (tabs.length < 8) tabs.push(await page.context().newPage());
  for (const tab of tabs) {
    await visit(tab, "/alerts");
    await tab.locator(".live.good").waitFor();
  }
  await raiseAlert("seen-by-all");
  for (const tab of tabs) {
    await tab.bringToFront();
    await tab.locator("tbody tr", { hasText: "seen-by-all" }).waitFor();
  }
});

test("a restart of the aggregator is survived: what happened meanwhile is shown", async () => {
  await visit(page, "/runs");
  await page.locator(".live.good").waitFor();
  await world.stopAggregator();
  await page.locator(".live", { hasText: /reconnecting|not live/ }).waitFor();
  await world.agent("db-1", "report", "--job", "meanwhile", "--outcome", "succeeded");
  await world.startAggregator();
  await row("meanwhile").waitFor();
  await page.locator(".live.good").waitFor();
});
