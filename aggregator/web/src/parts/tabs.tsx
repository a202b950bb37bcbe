// Tabs of a page: links, as the address holds which is open.

import { addressOf, place } from "../frame/router.ts";

export interface Tab {
  /** Of the address; "" is the first one. */
  value: string;
  word: string;
}

/** `name` is the parameter that says which tab is open; it alone stays in the address. */
export function Tabs({
  name = "tab",
  label,
  tabs,
}: {
  name?: string;
  label: string;
  tabs: readonly Tab[];
}) {
  const { path, query } = place.value;
  const open = query[name] ?? "";
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ value, word }) => (
        <a
          key={value}
          href={addressOf({ path, query: value ? { [name]: value } : {} })}
          aria-current={value === open ? "page" : undefined}
        >
          {word}
        </a>
      ))}
    </nav>
  );
}
