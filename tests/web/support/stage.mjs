// What most browser tests stand on: an aggregator with hosts, and a browser, for a whole file; and for each test
// a page of its own.

import { after, afterEach, before, beforeEach } from "node:test";
import { assertNoMistakes, openPageOf, startBrowser } from "./browser.mjs";
import { World } from "./world.mjs";

/** Hands `world`, `browser` and `page`, signed in, to `use` before each test. The hosts are in "production". */
export function stage(hosts, use) {
  let world;
  let browser;
  let page;

  before(async () => {
    world = await World.start();
    await world.vaultbell("vault", "create", "production");
    for (const host of hosts) await world.addHost(host, "production");
    browser = await startBrowser();
  });

  after(async () => {
    await browser?.close();
    await world?.end();
  });

  beforeEach(async () => {
    page = await openPageOf(browser, world);
    use({ world, browser, page });
  });

  afterEach(async () => {
    await page.context().close();
    assertNoMistakes(page);
  });
}
