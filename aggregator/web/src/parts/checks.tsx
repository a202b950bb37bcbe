// Several of many, as boxes to tick, with a search where there are more than can be seen at once.

import { useId, useState } from "preact/hooks";

export interface Option {
  value: string;
  word: string;
  /** What should be known of it before it is chosen. */
  remark?: string;
  /** Cannot be chosen; the remark says why. */
  isBarred?: boolean;
}

interface ChecksProps {
  label: string;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Said where there is nothing to choose from. */
  none?: string;
}

const SEARCHED_FROM = 9;

export function fitting(options: readonly Option[], wanted: string): readonly Option[] {
  const part = wanted.trim().toLowerCase();
  return options.filter(({ word }) => word.toLowerCase().includes(part));
}

export function Checks({ label, options, chosen, onChange, none = "None yet." }: ChecksProps) {
  const [wanted, setWanted] = useState("");
  const id = useId();
  const toggle = (value: string) =>
    onChange(
      chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
    );
  return (
    <fieldset class="checks">
      <legend>
        {label} {chosen.length > 0 && <span class="quiet">{chosen.length} chosen</span>}
      </legend>
      {options.length === 0 && <p class="quiet">{none}</p>}
      {options.length >= SEARCHED_FROM && (
        <input
          type="search"
          aria-label={`Search: ${label}`}
          placeholder="Search"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      <ul>
        {fitting(options, wanted).map(({ value, word, remark, isBarred }, i) => (
          <li key={value}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                disabled={isBarred && !chosen.includes(value)}
                aria-describedby={remark ? `${id}-${i}` : undefined}
                onChange={() => toggle(value)}
              />
              <span>
                {word}
                {remark && (
                  <small id={`${id}-${i}`} class="second">
                    {remark}
                  </small>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
