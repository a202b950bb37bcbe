// Where the page is: the path picks the screen, the query holds its filters.

import { signal } from "@preact/signals";

export interface Place {
  path: string;
  query: Record<string, string>;
}

export type Params = Record<string, string>;

/** The place that an address names. */
export function readPlace(address: string): Place {
  const url = new URL(address, "http://vaultbell");
  return { path: url.pathname, query: Object.fromEntries(url.searchParams) };
}

export function addressOf({ path, query }: Place): string {
  const search = new URLSearchParams(query).toString();
  return search ? `${path}?${search}` : path;
}

/** A query with some names set, or taken away (""); any change begins at the first page again. */
export function changedQuery(query: Place["query"], changes: Place["query"]): Place["query"] {
  const { cursor: _, ...rest } = { ...query, ...changes };
  const changed = changes["cursor"] ? { ...rest, cursor: changes["cursor"] } : rest;
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== ""));
}

/** The parameters of a path that fits "/clients/:name"; else null. */
export function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split("/");
  const parts = path.split("/");
  if (wanted.length !== parts.length) return null;
  const params: Params = {};
  for (const [i, word] of wanted.entries()) {
    const part = parts[i]!;
    if (word.startsWith(":")) {
      try {
        params[word.slice(1)] = decodeURIComponent(part);
      } catch {
        return null;
      }
    } else if (word !== part) {
      return null;
    }
  }
  return params;
}

export const place = signal<Place>({ path: "/", query: {} });

/** Another screen was gone to, and nobody has taken the focus to its heading yet. */
let isArriving = false;

/** Whether the heading that appears is the first of the screen that was gone to; says so once. */
export function hasArrived(): boolean {
  const had = isArriving;
  isArriving = false;
  return had;
}

/** The heading that had the focus goes: the next one gets it. */
export function passFocusOn(): void {
  isArriving = true;
}

function arrive(address: string): void {
  const next = readPlace(address);
  if (next.path !== place.value.path) isArriving = true;
  place.value = next;
}

export function go(address: string, { replace = false } = {}): void {
  const before = place.value.path;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  arrive(address);
  if (place.value.path !== before) scrollTo(0, 0);
}

/** Sets filters; typing replaces the address, so that Back does not go letter by letter. */
export function setQuery(changes: Place["query"], { replace = false } = {}): void {
  const { path, query } = place.value;
  go(addressOf({ path, query: changedQuery(query, changes) }), { replace });
}

function onClick(event: MouseEvent): void {
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const link = (event.target as Element).closest("a");
  if (!isPlain || event.defaultPrevented || !link || link.target || link.hasAttribute("download"))
    return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || /^\/(api|assets|badge|metrics)(\/|$)/.test(url.pathname))
    return;
  if (url.hash && url.pathname === location.pathname) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

export function startRouter(): void {
  place.value = readPlace(location.href);
  addEventListener("popstate", () => arrive(location.href));
  document.addEventListener("click", onClick);
}
