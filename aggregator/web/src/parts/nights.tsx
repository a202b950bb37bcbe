// One square for each of the last nights: how many runs failed, or that all went well.

import type { Night } from "../api/things.ts";
import { dayText } from "../words/times.ts";
import { nightOf } from "./nights_words.ts";

export function Nights({ nights }: { nights: readonly Night[] }) {
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
