// One thing to fill in, with its label.

import { useId } from "preact/hooks";
import type { Choice } from "./filters.ts";

export interface FieldProps {
  name: string;
  label: string;
  hint?: string;
  value?: string;
  isRequired?: boolean;
  /** Must be typed exactly: for what cannot be undone. */
  mustBe?: string;
  choices?: readonly Choice[];
  /** A moment, in the zone that times are shown in. */
  isMoment?: boolean;
  isFirst?: boolean;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

export function Field({
  name,
  label,
  hint,
  value,
  isRequired = false,
  mustBe,
  choices,
  isMoment = false,
  isFirst = false,
}: FieldProps) {
  const hintId = useId();
  const common = {
    name,
    required: isRequired || mustBe !== undefined,
    autoFocus: isFirst,
    "aria-describedby": hint ? hintId : undefined,
  };
  return (
    <label class="field">
      <span>{label}</span>
      {choices ? (
        <select {...common} defaultValue={value ?? choices[0]?.value ?? ""}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.word}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          autocomplete="off"
          defaultValue={value ?? ""}
          {...(isMoment ? ({ type: "datetime-local" } as const) : {})}
          {...(mustBe === undefined ? {} : { pattern: escaped(mustBe), title: `type ${mustBe}` })}
        />
      )}
      {hint && <small id={hintId}>{hint}</small>}
    </label>
  );
}
