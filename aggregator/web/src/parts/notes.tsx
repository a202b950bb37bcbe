// What a screen says instead of things: a problem, nothing here yet, still reading.

import type { ComponentChildren } from "preact";
import type { Problem } from "../api/problem.ts";

export function ProblemNote({ problem, retry }: { problem: Problem; retry?: () => void }) {
  return (
    <div class="note problem" role="alert">
      <p>
        <strong>{problem.isMissing ? "Not found" : "That did not work"}:</strong> {problem.message}
        {problem.hint && <> ({problem.hint})</>}
      </p>
      {problem.details.length > 0 && (
        <ul>
          {problem.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** An empty list says how it is filled. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="note empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Waiting() {
  return (
    <p class="note quiet" aria-busy="true">
      Reading…
    </p>
  );
}

/** Lines to type or paste, with a button that copies them. */
export function Lines({ text, label }: { text: string; label: string }) {
  const copy = () => void navigator.clipboard?.writeText(text);
  return (
    <div class="lines">
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      {navigator.clipboard && (
        <button type="button" class="small" onClick={copy}>
          Copy
        </button>
      )}
    </div>
  );
}

/** A heading of a part of a page. */
export function Panel({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="panel">
      <header>
        <h2>{title}</h2>
        {aside && <div class="aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Names and values, in pairs; what has no value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(
          ([, value]) => value !== null && value !== undefined && value !== false && value !== "",
        )
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
