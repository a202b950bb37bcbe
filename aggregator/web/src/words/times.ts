// Moments as people read them: how long ago, and exactly, in a zone.

export type Zone = "browser" | "utc";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function span(size: number): string {
  if (size < MINUTE) return `${Math.max(1, Math.floor(size / 1000))} s`;
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < 2 * DAY) return `${Math.floor(size / HOUR)} h`;
  return `${Math.floor(size / DAY)} d`;
}

/** "in 43 min", "3 h ago", "now": of a moment, seen from another. */
export function relative(at: number, now: number): string {
  const away = at - now;
  if (Math.abs(away) < 1000) return "now";
  return away > 0 ? `in ${span(away)}` : `${span(-away)} ago`;
}

const two = (number: number): string => String(number).padStart(2, "0");

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** "2026-11-29 21:04:05 UTC", or with the browser's offset. */
export function absolute(at: number, zone: Zone): string {
  const offset = zone === "utc" ? 0 : -new Date(at).getTimezoneOffset();
  const text = new Date(at + offset * MINUTE).toISOString();
  const suffix = zone === "utc" ? "UTC" : offsetText(offset);
  return `${text.slice(0, 10)} ${text.slice(11, 19)} ${suffix}`;
}

/** The same where the zone is clear: the browser's goes without saying. */
export function exact(at: number, zone: Zone): string {
  const text = absolute(at, zone);
  return zone === "utc" ? text : text.slice(0, 19);
}

/** "21:04" of a moment of the same day, else "11-29 21:04". */
export function clock(at: number, now: number, zone: Zone): string {
  const text = absolute(at, zone);
  const isToday = text.slice(0, 10) === absolute(now, zone).slice(0, 10);
  return isToday ? text.slice(11, 16) : text.slice(5, 16);
}

/** "Sun 29 Nov" of a day "2026-11-29". */
export function dayText(day: string): string {
  const [weekday, date, month] = new Date(`${day}T00:00:00Z`).toUTCString().split(/,? 0?/);
  return `${weekday} ${date} ${month}`;
}

/** The moment that somebody has filled in as "2026-11-29T21:04", for the API. */
export function readMoment(text: string, zone: Zone): string {
  return new Date(zone === "utc" ? `${text}Z` : text).toISOString();
}
