// What a night's square shows. Pure.

import type { Night } from "../api/things.ts";

export interface NightSign {
  tone: "good" | "warn" | "bad" | "quiet";
  /** What stands in the square. */
  mark: string;
  text: string;
}

export function nightOf(night: Night): NightSign {
  const { succeeded, warning, failed, cancelled, missed } = night;
  const parts = Object.entries({ succeeded, "with warnings": warning, failed, missed, cancelled })
    .filter(([, number]) => number > 0)
    .map(([word, number]) => `${number} ${word}`);
  const text = parts.join(", ") || "no runs";
  const lost = failed + missed;
  if (lost > 0) return { tone: "bad", mark: String(lost), text };
  if (warning > 0) return { tone: "warn", mark: String(warning), text };
  if (succeeded > 0) return { tone: "good", mark: "", text };
  return { tone: "quiet", mark: "", text };
}
