// Keys that a screen understands, and the dialog that lists them.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";

export interface Key {
  key: string;
  word: string;
  run: () => void;
}

/** What components understand now; each renews its own when it is rendered. */
type Keyring = { current: readonly Key[] };

const rings: Keyring[] = [];
const isListed = signal(false);

/** Understands keys for as long as the component is there. */
export function useKeys(keys: readonly Key[]): void {
  const ring = useRef(keys);
  ring.current = keys;
  useEffect(() => {
    rings.push(ring);
    return () => void rings.splice(rings.indexOf(ring), 1);
  }, []);
}

const understood = (): Key[] => rings.flatMap((ring) => ring.current);

function isTyping(target: EventTarget | null): boolean {
  const typed = "input:not([type=checkbox]), textarea, select, dialog, [role=menu]";
  return target instanceof Element && target.closest(typed) !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "?") {
    isListed.value = true;
    return;
  }
  const found = understood().findLast((key) => key.key === event.key);
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
          {[...understood(), { key: "?", word: "this list" }].map(({ key, word }) => (
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
