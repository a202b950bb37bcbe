// Some of many, as two lists side by side: all, and those chosen. On a narrow screen they are boxes to tick.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Checks, fitting, type Option } from "./checks.tsx";

interface TwoListsProps {
  all: string;
  some: string;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function TwoLists({ all, some, options, chosen, onChange }: TwoListsProps) {
  const isIn = (option: Option) => chosen.includes(option.value);
  return (
    <>
      <div class="two-lists">
        <Half
          title={all}
          order="Add"
          options={options.filter((option) => !isIn(option))}
          move={(value) => onChange([...chosen, value])}
        />
        <Half
          title={some}
          order="Remove"
          options={options.filter(isIn)}
          move={(value) => onChange(chosen.filter((other) => other !== value))}
        />
      </div>
      <div class="one-list">
        <Checks label={some} options={options} chosen={chosen} onChange={onChange} />
      </div>
    </>
  );
}

interface HalfProps {
  title: string;
  order: "Add" | "Remove";
  options: readonly Option[];
  move: (value: string) => void;
}

function Half({ title, order, options, move }: HalfProps) {
  const [wanted, setWanted] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const left = useRef<number | null>(null);
  const buttons = () => [...(list.current?.querySelectorAll<HTMLElement>("button:enabled") ?? [])];
  // What was moved takes its button away: the one in its place gets the focus.
  useLayoutEffect(() => {
    if (left.current === null) return;
    const all = buttons();
    all[Math.min(left.current, all.length - 1)]?.focus();
    left.current = null;
  }, [options.length]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = buttons();
    all[all.indexOf(document.activeElement as HTMLElement) + step]?.focus();
  };
  const onMove = (event: MouseEvent, value: string) => {
    left.current = buttons().indexOf(event.currentTarget as HTMLElement);
    move(value);
  };
  return (
    <section>
      <h3>
        {title} <span class="quiet">{options.length}</span>
      </h3>
      <input
        type="search"
        aria-label={`Search: ${title}`}
        placeholder="Search"
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <ul ref={list} onKeyDown={onKeyDown}>
        {fitting(options, wanted).map(({ value, word, remark, isBarred }) => (
          <li key={value}>
            <button
              type="button"
              disabled={isBarred && order === "Add"}
              onClick={(event) => onMove(event, value)}
            >
              <span>
                <span class="unseen">{order} </span>
                {word} {remark && <small class="second">{remark}</small>}
              </span>
              <span aria-hidden="true">{order === "Add" ? "→" : "✕"}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
