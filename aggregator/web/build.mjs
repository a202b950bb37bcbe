// Builds the bundle: build.mjs [FOLDER] (dist). Names of scripts and styles carry a hash of their
// content, so that browsers keep them for ever; index.html names them. Ends with 1 when together they
// are larger than a phone should have to fetch.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { GZIPPED_MAX, weigh } from "./size.mjs";

const here = dirname(fileURLToPath(import.meta.url));

export function options(folder) {
  return {
    absWorkingDir: here,
    entryPoints: ["src/main.tsx"],
    entryNames: "assets/[name]-[hash]",
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022"],
    jsx: "automatic",
    jsxImportSource: "preact",
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  };
}

/** Writes index.html with the names of what was built; returns those files. */
export function writeIndex(folder, metafile) {
  const names = Object.keys(metafile.outputs).map((name) => relative(folder, join(here, name)));
  const find = (ending) => names.find((name) => name.endsWith(ending));
  const page = readFileSync(join(here, "src/index.html"), "utf8")
    .replace("{{style}}", `/${find(".css")}`)
    .replace("{{script}}", `/${find(".js")}`);
  writeFileSync(join(folder, "index.html"), page);
  return names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

async function main() {
  const folder = join(process.cwd(), process.argv[2] ?? "dist");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await esbuild.build(options(folder));
  const { sizes, total, complaint } = weigh(writeIndex(folder, metafile));
  for (const { name, size } of sizes)
    console.log(`${String(size).padStart(7)} bytes gzipped  ${name}`);
  console.log(`${String(total).padStart(7)} bytes gzipped in all, of ${GZIPPED_MAX}`);
  if (complaint) {
    console.error(`error: ${complaint}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
