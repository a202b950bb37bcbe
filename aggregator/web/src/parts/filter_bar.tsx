// The controls above a list. What they are set to stands in the address.

import { useRef } from "preact/hooks";
import { useKeys } from "../frame/keys.tsx";
import { place, setQuery } from "../frame/router.ts";
import { type Filter, isFiltered, withoutFilters } from "./filters.ts";

/** As long as somebody types, nothing is read. */
const TYPING_PAUSE = 250;

export function FilterBar({ filters }: { filters: readonly Filter[] }) {
  const bar = useRef<HTMLFormElement>(null);
  const focusFirst = () => {
    const control =
      bar.current?.querySelector<HTMLElement>("[type=search]") ??
      bar.current?.querySelector<HTMLElement>("select");
    control?.focus();
  };
  useKeys([{ key: "/", word: "filter", run: focusFirst }]);
  if (filters.length === 0) return null;
  return (
    <form
      ref={bar}
      class="filters"
      role="search"
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      {filters.map((filter) => (
        <Control key={filter.name} filter={filter} />
      ))}
      {isFiltered(filters, place.value.query) && (
        <button type="button" class="small" onClick={() => setQuery(withoutFilters(filters))}>
          Clear
        </button>
      )}
    </form>
  );
}

function Control({ filter }: { filter: Filter }) {
  const { name, label } = filter;
  const value = place.value.query[name] ?? "";
  switch (filter.kind) {
    case "text":
      return <TextFilter name={name} label={label} value={value} />;
    case "flag": {
      const set = filter.value ?? "true";
      return (
        <label class="chip">
          <input
            type="checkbox"
            checked={value === set}
            onChange={(event) => setQuery({ [name]: event.currentTarget.checked ? set : "" })}
          />
          {label}
        </label>
      );
    }
    case "choice":
      return (
        <label class="choice">
          <span>{label}</span>
          <select
            value={value}
            onChange={(event) => setQuery({ [name]: event.currentTarget.value })}
          >
            <option value="">{filter.all ?? "any"}</option>
            {filter.choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.word}
              </option>
            ))}
          </select>
        </label>
      );
  }
}

function TextFilter({ name, label, value }: { name: string; label: string; value: string }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const onInput = (event: Event) => {
    const text = (event.currentTarget as HTMLInputElement).value;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => setQuery({ [name]: text.trim() }, { replace: true }),
      TYPING_PAUSE,
    );
  };
  return (
    <input type="search" value={value} placeholder={label} aria-label={label} onInput={onInput} />
  );
}
