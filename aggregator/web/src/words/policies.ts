// A policy in a sentence. Pure.

import type { Policy } from "../api/things.ts";
import { durationText } from "./durations.ts";
import { modeText } from "./states.ts";

/** Whom a policy tells: "ops, Alice Weber"; else its mode. */
export function whomText(policy: Policy): string {
  const names = [...policy.groups, ...policy.contacts];
  if (policy.mode === "custom") return names.join(", ") || "nobody yet";
  if (policy.mode === "default") return "the owners of the account";
  return modeText(policy.mode);
}

/** What a policy says besides whom it tells; a part for each thing that is not as usual. */
export function policyParts(policy: Policy): string[] {
  const parts: (string | false | null)[] = [
    policy.least_severity && `from ${policy.least_severity} on`,
    policy.kinds.length > 0 &&
      `only ${policy.kinds.map((kind) => kind.replaceAll("_", " ")).join(", ")}`,
    policy.notify_after && `after ${durationText(policy.notify_after)}`,
    policy.frequency && policy.frequency !== "each" && `${policy.frequency} digest`,
    policy.remind_every && `reminds every ${durationText(policy.remind_every)}`,
    policy.escalate_after &&
      `after ${durationText(policy.escalate_after)} also ${[...policy.escalation_groups, ...policy.escalation_contacts].join(", ")}`,
    policy.quiet_hours && `quiet ${policy.quiet_hours} ${policy.quiet_zone ?? "UTC"}`,
    !policy.tells_recovery && "recoveries are not told",
  ];
  return parts.filter((part) => typeof part === "string");
}
