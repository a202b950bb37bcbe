// One EventSource that is opened again when it ends. Only the tab that leads has one.

import { urlOf } from "../api/request.ts";
import { type Change, readChange, waitBeforeRetry } from "./changes.ts";

export type Connection =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "waiting"; retryAt: number; since: number };

export interface StreamListener {
  onChange(change: Change): void;
  onConnection(connection: Connection): void;
}

export class Stream {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private lostAt = 0;

  constructor(private readonly listener: StreamListener) {
    listener.onConnection({ state: "connecting" });
    this.open();
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private open(): void {
    const source = new EventSource(urlOf("/events"));
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.lostAt = 0;
      this.listener.onConnection({ state: "live" });
    };
    source.addEventListener("changed", (event) => {
      const change = readChange((event as MessageEvent<string>).data);
      if (change) this.listener.onChange(change);
    });
    source.addEventListener("snapshot", () => this.listener.onChange({ what: "everything" }));
    source.onerror = () => this.lose();
  }

  /** A browser gives up for good when the answer is no stream, and else waits as it likes: one way
   *  for both, with a time that can be shown. */
  private lose(): void {
    this.source?.close();
    this.failures += 1;
    this.lostAt ||= Date.now();
    const wait = waitBeforeRetry(this.failures);
    const connection = {
      state: "waiting",
      retryAt: Date.now() + wait,
      since: this.lostAt,
    } as const;
    this.listener.onConnection(connection);
    this.timer = setTimeout(() => this.open(), wait);
  }
}
