// Two weeks of backups, as three hosts report them: lists and charts have something to show then.

import { until } from "./world.mjs";

const NIGHTS = 14;
const DAY = 86_400_000;
const HOUR = 3_600_000;
const HOSTS = { "db-1": "production", "web-1": "production", "berlin-nas": "offices" };

/** How a night went: all well, but for one failure and one that goes on. */
function outcomeOf(host, nightsAgo) {
  if (host === "db-1" && nightsAgo === 9) return "failed";
  if (host === "web-1" && nightsAgo <= 1) return "failed";
  if (host === "berlin-nas" && nightsAgo === 4) return "warning";
  return "succeeded";
}

function argumentsOf(host, nightsAgo) {
  const end = Date.now() - HOUR - nightsAgo * DAY;
  const wobble = (nightsAgo * 7) % 5; // durations and sizes that differ a little, the same each time
  const start = end - (15 + wobble) * 60_000;
  const bytes = 200_000_000 + wobble * 9_000_000;
  const outcome = outcomeOf(host, nightsAgo);
  return [
    ...["report", "--job", "nightly", "--tool", "restic", "--outcome", outcome],
    ...["--started-at", new Date(start).toISOString(), "--ended-at", new Date(end).toISOString()],
    ...["--bytes-added", String(bytes), "--bytes-total", String(bytes * 40)],
    ...(outcome === "succeeded"
      ? []
      : ["--message", "unable to open repository: no route to host"]),
  ];
}

/** The first alert is about a run with output; it is active. */
async function playFailedCopy(world) {
  const copy =
    "seq -f 'copying photo %g' 60; echo 'write failed: No space left on device' >&2; exit 11";
  const run = ["run", "--job", "photos", "--tool", "rsync", "--", "sh", "-c", copy];
  await world.agent("db-1", ...run).catch(() => {}); // it exits as its command does
  await until("the first alert", async () => (await world.vaultbell("alert", "list")).length === 1);
}

export async function playNights(world) {
  for (const vault of new Set(Object.values(HOSTS)))
    await world.vaultbell("vault", "create", vault);
  for (const [host, vault] of Object.entries(HOSTS)) await world.addHost(host, vault);
  await world.vaultbell("contact", "add", "Alice Weber", "--email", "alice@test.example");
  await world.vaultbell("group", "create", "ops");
  await playFailedCopy(world);
  for (let nightsAgo = NIGHTS - 1; nightsAgo >= 0; nightsAgo -= 1) {
    for (const host of Object.keys(HOSTS)) await world.agent(host, ...argumentsOf(host, nightsAgo));
  }
  const runs = 1 + NIGHTS * Object.keys(HOSTS).length;
  await until("all runs", async () => (await world.vaultbell("run", "list")).length === runs);
}
