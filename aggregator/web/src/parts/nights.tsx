// One square for each of the last nights: how many runs failed, or that all went well.

import type { Nights as NightsFound } from "../api/things.ts";
import { dayText } from "../words/times.ts";
import { lastNights, nightOf } from "./nights_words.ts";

interface NightsProps {
  vault: string;
  found: NightsFound | undefined;
}

export function Nights({ vault, found }: NightsProps) {
  if (!found) return null;
  const nights = lastNights(found.items, vault, found.today);
  return (
    <ol class="nights" aria-label="The last nights, the newest at the end">
      {nights.map((night) => {
        const { tone, mark, text } = nightOf(night);
        const title = `${dayText(night.day)}: ${text}`;
        return (
          <li key={night.day} class={tone} title={title}>
            <span aria-hidden="true">{mark}</span>
            <span class="unseen">{title}</span>
          </li>
        );
      })}
    </ol>
  );
}
