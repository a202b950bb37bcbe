// What is expected of a job, in words. Pure.

import type { JobSettings } from "../api/things.ts";
import { durationText } from "./durations.ts";

/** "every 1 d, at most 36 h old"; "nothing" where nothing is. */
export function expectationText(settings: JobSettings): string {
  const { every, cron, zone, max_age: age, max_duration: longest, verify_every: verify } = settings;
  const parts = [
    every && `every ${durationText(every)}`,
    cron && `at ${cron} ${zone ?? "UTC"}`,
    age && `at most ${durationText(age)} old`,
    longest && `within ${durationText(longest)}`,
    verify && `verified every ${durationText(verify)}`,
  ];
  return parts.filter(Boolean).join(", ") || "nothing";
}

/** The settings with what was filled in: what was emptied is not expected any more, the rest stays. */
export function changedSettings(
  settings: JobSettings,
  filled: Record<string, string>,
): Record<string, unknown> {
  const texts = ["every", "cron", "zone", "grace", "max_age", "max_duration", "verify_every"];
  const kept = Object.entries(settings).filter(
    ([name, value]) => value !== null && !texts.includes(name),
  );
  const given = texts.filter((name) => filled[name]).map((name) => [name, filled[name]]);
  return Object.fromEntries([
    ...kept,
    ...given,
    ["tolerate_failures", Number(filled["tolerate_failures"] ?? 0)],
  ]);
}
