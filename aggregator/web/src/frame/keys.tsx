// Keys that a screen understands, and the dialog that lists them.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";

export interface Key {
  key: string;
  word: string;
  run: () => void;
}

const bound = signal<readonly Key[]>([]);
const isListed = signal(false);

/** Understands keys for as long as the component is there. */
export function useKeys(keys: readonly Key[]): void {
  useEffect(() => {
    bound.value = [...bound.peek(), ...keys];
    return () => {
      bound.value = bound.peek().filter((key) => !keys.includes(key));
    };
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, dialog, [role=menu]") !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "?") {
    isListed.value = true;
    return;
  }
  const found = bound.value.findLast((key) => key.key === event.key);
  if (!found) return;
  event.preventDefault();
  found.run();
}

export function startKeys(): void {
  document.addEventListener("keydown", onKey);
}

export function KeyList() {
  if (!isListed.value) return null;
  return (
    <Dialog title="Keys" onClose={() => (isListed.value = false)}>
      <table class="keys">
        <tbody>
          {[...bound.value, { key: "?", word: "this list" }].map(({ key, word }) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{word}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
