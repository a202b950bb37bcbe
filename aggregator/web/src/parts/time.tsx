// A moment: how long ago in the text, exactly in the tooltip.

import { useComputed } from "@preact/signals";
import { now, zone } from "../frame/settings.ts";
import { absolute, exact, relative } from "../words/times.ts";

interface TimeProps {
  at: string | null | undefined;
  /** Shows the exact time, with how long ago in the tooltip. */
  isExact?: boolean;
  none?: string;
}

export function Time({ at, isExact = false, none = "–" }: TimeProps) {
  if (!at) return <span class="quiet">{none}</span>;
  return <Moment key={at} at={at} isExact={isExact} />;
}

function Moment({ at, isExact }: { at: string; isExact: boolean }) {
  const moment = Date.parse(at);
  const away = useComputed(() => relative(moment, now.value));
  const full = useComputed(() => absolute(moment, zone.value));
  const text = useComputed(() =>
    isExact ? exact(moment, zone.value) : relative(moment, now.value),
  );
  return (
    <time dateTime={at} title={isExact ? away : full}>
      {text}
    </time>
  );
}
