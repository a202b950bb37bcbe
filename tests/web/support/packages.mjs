// What the tests of the dashboard need from npm: it is where the build has put the dashboard's own packages.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The build's copy of aggregator/web. */
export const web = process.env.VAULTBELL_WEB;

const require = createRequire(join(web, "package.json"));

export const { chromium } = require("playwright-core");
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
