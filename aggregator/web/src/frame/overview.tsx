// The aggregator's overview, which badges, banners and the first screen show: read once for all.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Status } from "../api/things.ts";
import { useReading } from "../live/reading.ts";

export const status = signal<Status | undefined>(undefined);

export function StatusReader() {
  const { found } = useReading<Status>("/status", [
    "alert",
    "client",
    "run",
    "delivery",
    "enrolment",
    "vault",
  ]);
  useEffect(() => {
    if (found) status.value = found;
  }, [found]);
  return null;
}
