// What a person chooses for this browser: theme and time zone. Remembered; nothing else is.

import { effect, signal } from "@preact/signals";
import type { Zone } from "../words/times.ts";

export type Theme = "system" | "light" | "dark";

function remembered<T extends string>(name: string, words: readonly T[]): T {
  try {
    const stored = localStorage.getItem(name);
    return words.find((word) => word === stored) ?? words[0]!;
  } catch {
    return words[0]!; // storage can be forbidden
  }
}

function remember(name: string, word: string): void {
  try {
    localStorage.setItem(name, word);
  } catch {
    // It holds until the page is closed.
  }
}

export const THEMES: readonly Theme[] = ["system", "light", "dark"];
export const ZONES: readonly Zone[] = ["browser", "utc"];

export const theme = signal<Theme>(remembered("vaultbell-theme", THEMES));
export const zone = signal<Zone>(remembered("vaultbell-zone", ZONES));

/** The moment that relative times are seen from; it goes on while the page is seen. */
export const now = signal(Date.now());

export function startSettings(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    remember("vaultbell-theme", theme.value);
  });
  effect(() => remember("vaultbell-zone", zone.value));
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, 1000);
}
