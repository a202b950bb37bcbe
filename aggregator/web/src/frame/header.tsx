// The line on top: whether what is shown is live, how times and colours are shown, who is signed in.

import { session, signOut } from "../api/session.ts";
import { connection } from "../live/live.ts";
import { forgetReadings } from "../live/reading.ts";
import { openMenu } from "../parts/menu.tsx";
import { complain } from "../parts/toasts.tsx";
import { clock } from "../words/times.ts";
import { isNavOpen } from "./nav.tsx";
import { Search } from "./search.tsx";
import { now, type Theme, theme, THEMES, zone, ZONES } from "./settings.ts";

export function Header() {
  return (
    <header class="top">
      <button
        type="button"
        class="bare fold"
        aria-label="Screens"
        aria-expanded={isNavOpen.value}
        onClick={() => (isNavOpen.value = !isNavOpen.value)}
      >
        ☰
      </button>
      <a class="brand" href="/" aria-label="Vaultbell: overview">
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <path d="M12 2a7 7 0 0 0-7 7v5l-2 3v1h18v-1l-2-3V9a7 7 0 0 0-7-7zm-2.5 18a2.5 2.5 0 0 0 5 0z" />
        </svg>
        <span class="wide">Vaultbell</span>
      </a>
      <Search />
      <Live />
      <Clock />
      <Person />
    </header>
  );
}

export function Live() {
  const { value } = connection;
  if (value.state === "live") {
    return (
      <span class="live good" role="status">
        <i /> live
      </span>
    );
  }
  return (
    <span class="live" role="status">
      <i />{" "}
      {value.state === "connecting" ? (
        "connecting"
      ) : (
        <Lost retryAt={value.retryAt} since={value.since} />
      )}
    </span>
  );
}

const STALE_AFTER = 30_000;

/** The seconds are seen and not read out: that would be every second. */
function Lost({ retryAt, since }: { retryAt: number; since: number }) {
  const wait = Math.max(0, Math.round((retryAt - now.value) / 1000));
  if (now.value - since < STALE_AFTER) {
    return (
      <span>
        reconnecting
        <span class="wide" aria-hidden="true">{` in ${wait} s`}</span>
      </span>
    );
  }
  return <>not live since {clock(since, now.value, zone.value)}: may be out of date</>;
}

function Clock() {
  const at = now.value;
  const names = { browser: "Browser's time", utc: "UTC" };
  return (
    <span class="clock">
      <time dateTime={new Date(at).toISOString()}>{clock(at, at, zone.value)}</time>
      <select
        aria-label="Time zone"
        value={zone.value}
        onChange={(event) =>
          (zone.value = ZONES.find((word) => word === event.currentTarget.value) ?? "browser")
        }
      >
        {ZONES.map((word) => (
          <option key={word} value={word}>
            {names[word]}
          </option>
        ))}
      </select>
    </span>
  );
}

async function leave(): Promise<void> {
  await signOut().catch(complain);
  forgetReadings();
}

function Person() {
  const names: Record<Theme, string> = {
    system: "Theme of the system",
    light: "Light theme",
    dark: "Dark theme",
  };
  const items = () => [
    ...THEMES.map((word) => ({
      word: `${theme.value === word ? "✓ " : ""}${names[word]}`,
      run: () => (theme.value = word),
    })),
    { word: "Sign out", run: () => void leave() },
  ];
  const onClick = (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    const { right, bottom } = button.getBoundingClientRect();
    openMenu(items(), { x: right, y: bottom }, button);
  };
  return (
    <button type="button" class="bare person" aria-haspopup="menu" onClick={onClick}>
      {session.value?.name} <span class="quiet">{session.value?.role}</span>
    </button>
  );
}
