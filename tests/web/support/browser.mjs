// Debian's chromium, and what every page is held to.

import assert from "node:assert/strict";
import { axe, chromium } from "./packages.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export function startBrowser() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** A page in a browser of its own; what its scripts complain of is in `mistakes`. */
export async function openPage(browser, address, { width = 1280, height = 860 } = {}) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.mistakes = [];
  page.on("pageerror", (failure) => page.mistakes.push(String(failure)));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) page.mistakes.push(message.text());
  });
  return page;
}

export function signIn(page, secret) {
  return page.context().request.post("/api/v1/session", { data: { secret } });
}

/** The same, signed in. */
export async function openPageOf(browser, world, options = {}) {
  const page = await openPage(browser, world.address, options);
  await signIn(page, world.token);
  return page;
}

/** Goes somewhere, until there is nothing left to read. */
export async function visit(page, path) {
  await page.goto(path);
  await page.waitForFunction(
    () => document.querySelector("main h1") && !document.querySelector("main [aria-busy=true]"),
  );
}

/** What axe-core finds wrong, in lines. Our policy allows no script from elsewhere, so it is evaluated. */
export async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: tags }),
    RULES,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`),
  );
}

export async function isTooWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
}

export function assertNoMistakes(page) {
  assert.deepEqual(page.mistakes, []);
}
