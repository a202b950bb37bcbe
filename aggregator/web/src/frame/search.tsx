// Finding what has a name, from anywhere.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { path, read } from "../api/request.ts";
import type { Found, Page } from "../api/things.ts";
import { complain } from "../parts/toasts.tsx";
import { useKeys } from "./keys.tsx";
import { go, place } from "./router.ts";

const TYPING_PAUSE = 200;

const ADDRESSES: Record<Found["what"], (found: Found) => string> = {
  client: ({ name }) => path("clients", name),
  vault: ({ name }) => path("vaults", name),
  contact: ({ name }) => path("contacts", name),
  group: ({ name }) => path("groups", name),
  job: ({ client, name }) => path("clients", client ?? "", "jobs", name),
};

function useFound(text: string): Found[] {
  const [found, setFound] = useState<Found[]>([]);
  useEffect(() => {
    if (text === "") return setFound([]);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      read<Page<Found>>("/search", { q: text }, controller.signal)
        .then(({ items }) => setFound(items))
        .catch((failure) => controller.signal.aborted || complain(failure));
    }, TYPING_PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return found;
}

export function Search() {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const found = useFound(text.trim());
  const isOpen = text !== "" && found.length > 0;
  useKeys([{ key: "s", word: "search", run: () => input.current?.focus() }]);
  useEffect(() => setText(""), [place.value.path]);
  const open = (one: Found | undefined) => {
    if (!one) return;
    setText("");
    go(ADDRESSES[one.what](one));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") open(found[at]);
    else if (event.key === "Escape") setText("");
    else return;
    event.preventDefault();
  };
  return (
    <div class="search">
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label="Search for a client, job, vault, contact or group"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        list={undefined}
        aria-activedescendant={isOpen ? `${list}-${at}` : undefined}
        placeholder="Search"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={list} role="listbox" aria-label="Found" hidden={!isOpen}>
        {found.map((one, i) => (
          <li
            key={`${one.what} ${one.client} ${one.name}`}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseDown={() => open(one)}
          >
            {one.name}{" "}
            <span class="quiet">{one.client ? `${one.what} on ${one.client}` : one.what}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
