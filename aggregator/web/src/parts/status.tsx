// A state as shape, word and colour.

import { type Shape, signOf } from "../words/states.ts";

const PATHS: Record<Shape, string> = {
  dot: "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z",
  ring: "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zm0 1.8a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4z",
  half: "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zm0 1.6v6.8a3.4 3.4 0 0 1 0-6.8z",
  cross:
    "M2.6 1.2L6 4.6l3.4-3.4l1.4 1.4L7.4 6l3.4 3.4l-1.4 1.4L6 7.4l-3.4 3.4l-1.4-1.4L4.6 6L1.2 2.6z",
  triangle: "M6 .8L11.6 11H.4z",
  square: "M1.5 1.5h9v9h-9z",
  bars: "M2.5 1.5h2.4v9H2.5zM7.1 1.5h2.4v9H7.1z",
  slash: "M1.5 5h9v2h-9z",
  clock:
    "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zm0 1.6a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8zM5.4 3.4h1.2v2.3l1.7 1l-.6 1l-2.3-1.4z",
};

export function ShapeOf({ shape }: { shape: Shape }) {
  return (
    <svg class="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path fill-rule="evenodd" d={PATHS[shape]} />
    </svg>
  );
}

/** `word` where another one says it better than the state's own. */
export function StatusOf({ state, word }: { state: string; word?: string }) {
  const sign = signOf(state);
  return (
    <span class={`status ${sign.tone}`}>
      <ShapeOf shape={sign.shape} />
      {word ?? sign.word}
    </span>
  );
}
