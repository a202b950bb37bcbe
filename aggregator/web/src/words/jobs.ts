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
