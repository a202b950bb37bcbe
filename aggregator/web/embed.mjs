// Writes what was built as C++: embed.mjs DIST OUTPUT. Each file is gzipped, in the order of their names, so
// that equal sources give equal bytes; assets.hpp says what is made of it.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

function filesIn(folder, prefix = "/") {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(folder, `${prefix}${entry.name}/`) : [prefix + entry.name],
    )
    .sort();
}

function bytesOf(gzip) {
  const lines = [];
  for (let i = 0; i < gzip.length; i += 32)
    lines.push(`    ${[...gzip.subarray(i, i + 32)].join(",")},`);
  return lines.join("\n");
}

function assetOf(folder, path, index) {
  const gzip = gzipSync(readFileSync(join(folder, path)), { level: 9 });
  const type = TYPES[extname(path)];
  if (!type)
    throw new Error(
      `${path}: no content type is known for ${extname(path)} (embed.mjs lists them)`,
    );
  const etag = createHash("sha256").update(gzip).digest("hex");
  return {
    bytes: `constexpr unsigned char kBytes${index}[] = {\n${bytesOf(gzip)}\n};\n`,
    row: `    {"${path}", "${type}", "\\"${etag}\\"", kBytes${index}},`,
  };
}

const [dist, output] = process.argv.slice(2);
const assets = filesIn(dist).map((path, index) => assetOf(dist, path, index));
writeFileSync(
  output,
  `// Made by aggregator/web/embed.mjs.
#include "aggregator/web/assets.hpp"

namespace vaultbell::web {

namespace {

${assets.map(({ bytes }) => bytes).join("\n")}
constexpr Asset kAssets[] = {
${assets.map(({ row }) => row).join("\n")}
};

}  // namespace

std::span<const Asset> assets() { return kAssets; }

}  // namespace vaultbell::web
`,
);
