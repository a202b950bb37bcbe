// A component's view of one answer of the API: read once, and again when what it shows changes.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { noAnswer, Problem } from "../api/problem.ts";
import { type Query, read, urlOf } from "../api/request.ts";
import { concerns, waitBeforeReread, type What } from "./changes.ts";
import { connection, onChange } from "./live.ts";

export interface Reading<T> {
  /** The last answer, also while it is read again. */
  found: T | undefined;
  /** Why the last reading failed. */
  problem: Problem | undefined;
  isReading: boolean;
  reread: () => void;
}

/** Without events everything that is seen is read so often. */
const UNHEARD_PAUSE = 30_000;
/** Going back shows at once what was there; it is read again all the same. */
const KEPT_MAX = 50;
const kept = new Map<string, unknown>();

function keep(url: string, found: unknown): void {
  kept.delete(url);
  kept.set(url, found);
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!);
}

/** Forgets what was read, when somebody signs out. */
export function forgetReadings(): void {
  kept.clear();
}

/** Calls `reread` when something in `about` has changed, at most once in a while, and only while the
 *  page is seen. */
function useRereads(about: readonly What[], reread: () => void): void {
  const topics = about.join();
  useEffect(() => {
    let lastAt = Date.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isDue = false;
    const run = () => {
      timer = undefined;
      if (document.hidden) return;
      isDue = false;
      lastAt = Date.now();
      reread();
    };
    const note = () => {
      isDue = true;
      timer ??= setTimeout(run, waitBeforeReread(lastAt, Date.now()));
    };
    const end = onChange((change) => concerns(change, about) && note());
    const unheard = setInterval(() => {
      if (connection.value.state !== "live") note();
    }, UNHEARD_PAUSE);
    const onSeen = () => isDue && note();
    document.addEventListener("visibilitychange", onSeen);
    return () => {
      end();
      clearTimeout(timer);
      clearInterval(unheard);
      document.removeEventListener("visibilitychange", onSeen);
    };
  }, [topics, reread]);
}

/** Reads `route`; null reads nothing. `about` are the things whose changes matter. */
export function useReading<T>(
  route: string | null,
  about: readonly What[],
  query: Query = {},
): Reading<T> {
  const url = route === null ? "" : urlOf(route, query);
  const [state, setState] = useState<Omit<Reading<T>, "reread"> & { url: string }>({
    url: "",
    found: undefined,
    problem: undefined,
    isReading: true,
  });
  const current = useRef<AbortController | undefined>(undefined);
  const reread = useCallback(() => {
    if (route === null) return;
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    const done = (found: T | undefined, problem: Problem | undefined) => {
      if (controller.signal.aborted) return;
      if (found !== undefined) keep(url, found);
      setState((old) => ({
        url,
        found: found ?? (old.url === url ? old.found : undefined),
        problem,
        isReading: false,
      }));
    };
    read<T>(route, query, controller.signal).then(
      (found) => done(found, undefined),
      (failure: unknown) => done(undefined, failure instanceof Problem ? failure : noAnswer()),
    );
  }, [url]);
  useEffect(() => {
    reread();
    return () => current.current?.abort();
  }, [reread]);
  useRereads(about, reread);
  if (state.url === url) return { ...state, reread };
  const found = (kept.get(url) as T | undefined) ?? undefined;
  return { found, problem: undefined, isReading: true, reread };
}
