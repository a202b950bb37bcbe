// How large the dashboard may be.

import { gzipSync } from "node:zlib";

/** 60 kB for all scripts and styles together, gzipped. */
export const GZIPPED_MAX = 60_000;

/** The files' gzipped sizes, and what is wrong with their sum. */
export function weigh(files, max = GZIPPED_MAX) {
  const sizes = files.map(({ name, bytes }) => ({
    name,
    size: gzipSync(bytes, { level: 9 }).length,
  }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const complaint =
    total > max
      ? `scripts and styles are ${total} bytes gzipped, at most ${max} are allowed`
      : null;
  return { sizes, total, complaint };
}
