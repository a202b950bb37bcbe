// The way to every screen, with what waits there.

import { signal } from "@preact/signals";
import { ROUTES } from "../screens/routes.tsx";
import { status } from "./overview.tsx";
import { place } from "./router.ts";

/** On a narrow screen the way is folded. */
export const isNavOpen = signal(false);

export interface Badge {
  number: number;
  /** What there are so many of, for those who hear it. */
  word: string;
}

function badgeOf(path: string): Badge | null {
  const found = status.value;
  if (!found) return null;
  const badges: Record<string, Badge> = {
    "/alerts": { number: found.active_alerts.critical, word: "critical" },
    "/enrolment": { number: found.requests_waiting, word: "waiting" },
    "/deliveries": { number: found.outbox.given_up_24h, word: "given up" },
  };
  const badge = badges[path];
  return badge && badge.number > 0 ? badge : null;
}

function isHere(path: string): boolean {
  const at = place.value.path;
  return path === "/" ? at === "/" : at === path || at.startsWith(`${path}/`);
}

export function Nav() {
  return (
    <nav
      class={isNavOpen.value ? "nav open" : "nav"}
      aria-label="Screens"
      onClick={() => (isNavOpen.value = false)}
    >
      {ROUTES.filter((route) => route.isInNav).map(({ pattern, title }) => {
        const badge = badgeOf(pattern);
        return (
          <a key={pattern} href={pattern} aria-current={isHere(pattern) ? "page" : undefined}>
            {title}
            {badge && (
              <span class="badge">
                {badge.number} <span class="unseen">{badge.word}</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}
