// What a night's square shows. Pure.

import type { Night } from "../api/things.ts";

const DAY = 86_400_000;
export const NIGHTS_SHOWN = 14;

/** The last nights of a vault, one for each day: those without a run are not told. */
export function lastNights(nights: readonly Night[], vault: string, today: string): Night[] {
  const told = new Map(
    nights.filter((night) => night.vault === vault).map((night) => [night.day, night]),
  );
  return Array.from({ length: NIGHTS_SHOWN }, (_, i) => {
    const at = Date.parse(`${today}T00:00:00Z`) - (NIGHTS_SHOWN - 1 - i) * DAY;
    const day = new Date(at).toISOString().slice(0, 10);
    return (
      told.get(day) ?? { vault, day, succeeded: 0, warning: 0, failed: 0, cancelled: 0, missed: 0 }
    );
  });
}

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
