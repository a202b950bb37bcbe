// What changes at the aggregator, heard by every tab through one stream: a browser has six
// connections to a host, so one tab leads (the holder of a lock) and tells the others.

import { signal } from "@preact/signals";
import type { Change } from "./changes.ts";
import { type Connection, Stream } from "./stream.ts";

const NAME = "vaultbell-events";
/** A tab that nobody has looked at for so long needs no events; it reads everything when it is seen. */
const HIDDEN_MAX = 5 * 60_000;

export const connection = signal<Connection>({ state: "connecting" });

type Message = { change: Change } | { connection: Connection } | { hello: true };

const listeners = new Set<(change: Change) => void>();

/** Calls back for every change; returns what ends that. */
export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(change: Change): void {
  for (const listener of listeners) listener(change);
}

class Membership {
  private readonly channel = new BroadcastChannel(NAME);
  private readonly ending = new AbortController();
  private stream: Stream | null = null;

  constructor() {
    this.channel.onmessage = (event: MessageEvent<Message>) => this.hear(event.data);
    this.post({ hello: true });
    void this.lead();
  }

  end(): void {
    this.ending.abort();
    this.stream?.close();
    this.stream = null;
    this.channel.close();
  }

  private post(message: Message): void {
    this.channel.postMessage(message);
  }

  private hear(message: Message): void {
    if ("change" in message) tell(message.change);
    else if ("connection" in message) connection.value = message.connection;
    else if (this.stream) this.post({ connection: connection.value });
  }

  /** Waits for the lock, and holds it with the stream until the membership ends. */
  private async lead(): Promise<void> {
    const { signal } = this.ending;
    if (!navigator.locks) return this.open(); // no secure context: each tab has a stream of its own
    try {
      await navigator.locks.request(NAME, { signal }, () => {
        if (signal.aborted) return undefined;
        this.open();
        return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      });
    } catch {
      // Ended while it waited for the lock.
    }
  }

  private open(): void {
    this.stream = new Stream({
      onChange: (change) => {
        tell(change);
        this.post({ change });
      },
      onConnection: (state) => {
        connection.value = state;
        this.post({ connection: state });
      },
    });
  }
}

/** Listens for as long as the page is looked at. */
export function startLive(): void {
  let membership: Membership | null = new Membership();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    membership?.end();
    membership = null;
  };
  const join = () => {
    clearTimeout(timer);
    if (membership) return;
    membership = new Membership();
    tell({ what: "everything" });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) timer = setTimeout(leave, HIDDEN_MAX);
    else join();
  });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", join);
}
