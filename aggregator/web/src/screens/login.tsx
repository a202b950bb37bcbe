// S1: signing in, with an API token or a one-time link.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { noAnswer, Problem } from "../api/problem.ts";
import { session, signIn } from "../api/session.ts";
import { go } from "../frame/router.ts";
import { now } from "../frame/settings.ts";
import { Lines, ProblemNote } from "../parts/notes.tsx";
import { showDuration } from "../words/durations.ts";

/** The secret of a link "/login#once=vbl_…": behind the "#", so that it is in no log. */
function takeSecretOfLink(): string | null {
  const secret = new URLSearchParams(location.hash.slice(1)).get("once");
  if (secret) history.replaceState(null, "", location.pathname);
  return secret;
}

const problem = signal<Problem | null>(null);

async function enter(secret: string): Promise<void> {
  try {
    await signIn(secret);
    problem.value = null;
    if (location.pathname === "/login") go("/", { replace: true });
  } catch (failure) {
    problem.value = failure instanceof Problem ? failure : noAnswer();
  }
}

export function Login() {
  const [secret, setSecret] = useState("");
  const [isTrying, setTrying] = useState(false);
  const wait = Math.max(0, (problem.value?.retryAt ?? 0) - now.value);
  useEffect(() => {
    document.title = "Sign in · Vaultbell";
    const ofLink = takeSecretOfLink();
    if (ofLink) void enter(ofLink);
    else if (session.value) go("/", { replace: true });
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    setTrying(true);
    void enter(secret.trim()).finally(() => setTrying(false));
  };
  return (
    <main class="alone">
      <h1>Vaultbell</h1>
      {problem.value && <ProblemNote problem={problem.value} />}
      <form class="panel" onSubmit={submit}>
        <label class="field">
          <span>API token, or the secret of a one-time link</span>
          <input
            type="password"
            autocomplete="current-password"
            required
            autoFocus
            placeholder="vbt_…"
            value={secret}
            onInput={(event) => setSecret(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main" disabled={isTrying || wait > 0}>
          {wait > 0 ? `Locked out: try again in ${showDuration(wait)}` : "Sign in"}
        </button>
      </form>
      <p class="quiet">
        There is no default password. On the aggregator's host this prints a link that signs in
        once:
      </p>
      <Lines label="Command that prints a one-time link" text="vaultbell login-link" />
    </main>
  );
}
