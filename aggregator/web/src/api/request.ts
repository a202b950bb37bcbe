// The only place that calls the API: one way to read, one way to change.

import { noAnswer, readProblem } from "./problem.ts";

export type Query = Record<string, string | number | boolean | null | undefined>;

const BASE = "/api/v1";
const MAX_WAIT = 15_000; // longer than the aggregator's own 10 s for an order

let csrf = "";
let onSignedOut: () => void = () => {};

/** The token that changing requests carry; of the session. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** Called when a request is answered with 401. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

/** "/clients/a%2Fb": each part is one segment. */
export function path(...parts: (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

export function urlOf(route: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value != null && value !== "") search.set(name, String(value));
  }
  const text = search.toString().replaceAll("+", "%20"); // the API takes a "+" for itself
  return `${BASE}${route}${text ? `?${text}` : ""}`;
}

async function call(url: string, options: RequestInit): Promise<unknown> {
  const patience = AbortSignal.timeout(MAX_WAIT);
  let response: Response;
  try {
    response = await fetch(url, { signal: patience, credentials: "same-origin", ...options });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    throw noAnswer();
  }
  const text = await response.text();
  if (response.ok) return text === "" ? {} : JSON.parse(text);
  if (response.status === 401 && !url.startsWith(`${BASE}/session`)) onSignedOut();
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  throw readProblem(
    response.status,
    text,
    Number.isNaN(seconds) ? undefined : Date.now() + seconds * 1000,
  );
}

export async function read<T>(route: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await call(urlOf(route, query), signal ? { signal } : {})) as T;
}

export type Method = "POST" | "PUT" | "PATCH" | "DELETE";

export interface SendOptions {
  /** The same for each try of one creation, so that a repeat creates nothing twice. */
  idempotencyKey?: string;
  isDryRun?: boolean;
}

export async function send<T>(
  method: Method,
  route: string,
  body?: unknown,
  { idempotencyKey, isDryRun }: SendOptions = {},
): Promise<T> {
  const headers: Record<string, string> = { "X-CSRF-Token": csrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  const options: RequestInit = { method, headers };
  if (body !== undefined) options.body = JSON.stringify(body);
  return (await call(urlOf(route, isDryRun ? { dry_run: true } : {}), options)) as T;
}

/** A new key for one creation. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
