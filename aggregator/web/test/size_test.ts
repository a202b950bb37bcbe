import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { GZIPPED_MAX, weigh } from "../size.mjs";

test("a bundle that is too large is refused", () => {
  const { complaint } = weigh([
    { name: "a.js", bytes: randomBytes(GZIPPED_MAX / 2) },
    { name: "b.css", bytes: randomBytes(GZIPPED_MAX / 2) },
  ]);
  assert.match(
    complaint ?? "",
    /^scripts and styles are 60\d+ bytes gzipped, at most 60000 are allowed$/,
  );
});

test("the sizes are those of the gzipped files", () => {
  const { sizes, complaint } = weigh([{ name: "a.js", bytes: Buffer.alloc(100_000) }]);
  assert.equal(complaint, null);
  assert.ok(sizes[0]!.size < 200);
});
