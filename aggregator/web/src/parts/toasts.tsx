// Short remarks on what was done, read out by screen readers.

import { signal } from "@preact/signals";
import { Problem } from "../api/problem.ts";

interface Toast {
  id: number;
  text: string;
  isProblem: boolean;
}

const STAY = 6000;
const SHOWN_MAX = 4;

const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function toast(text: string, { isProblem = false } = {}): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value, { id, text, isProblem }].slice(-SHOWN_MAX);
  if (!isProblem) setTimeout(() => dismiss(id), STAY); // what went wrong stays until it was read
}

/** Says what went wrong. */
export function complain(failure: unknown): void {
  const text =
    failure instanceof Problem
      ? [failure.message, failure.hint].filter(Boolean).join(": ")
      : String(failure);
  toast(text, { isProblem: true });
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, isProblem }) => (
        <div key={id} class={isProblem ? "toast problem" : "toast"}>
          <span>{text}</span>
          <button type="button" class="bare" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
