// What happened, in the order of time.

import type { Story } from "../api/things.ts";
import { Time } from "./time.tsx";

export function StoryList({ story }: { story: Story["story"] }) {
  return (
    <ol class="story">
      {story.map(({ at, what }) => (
        <li key={at + what}>
          <Time at={at} isExact />
          <span>{what}</span>
        </li>
      ))}
    </ol>
  );
}
