// A development server: builds the dashboard at every request of its page, and passes /api/ to an
// aggregator's Unix socket, where no session is needed; only the session is made up here.
//
//   node serve.mjs SOCKET [PORT]

import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { options, writeIndex } from "./build.mjs";

const [socket, port = "8480"] = process.argv.slice(2);
if (!socket) {
  console.error("usage: node serve.mjs SOCKET [PORT]");
  process.exit(2);
}
const served = join(dirname(fileURLToPath(import.meta.url)), "served");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
// As the aggregator answers, so that what it forbids is noticed here.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SESSION = {
  api_version: 1,
  name: "developer",
  role: "admin",
  csrf: "none",
  expires_at: "2100-01-01T00:00:00Z",
};

let isSignedIn = true;

function answerJson(response, status, json) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(json));
}

function answerSession(method, response) {
  if (method !== "GET") isSignedIn = method === "POST";
  if (isSignedIn) answerJson(response, 200, SESSION);
  else
    answerJson(response, 401, { error: { code: "unauthorized", message: "nobody is signed in" } });
}

/** The Unix socket knows no sessions and no tokens against forgery. */
function passOn(incoming, response) {
  const { "x-csrf-token": _, cookie: __, ...headers } = incoming.headers;
  const passed = request(
    {
      socketPath: socket,
      path: incoming.url,
      method: incoming.method,
      headers: { ...headers, host: "vaultbell" },
    },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  passed.on("error", (failure) =>
    answerJson(response, 502, {
      error: { code: "unavailable", message: `${socket}: ${failure.message}` },
    }),
  );
  response.on("close", () => passed.destroy());
  incoming.pipe(passed);
}

async function answerFile(path, response) {
  const isPage = !path.startsWith("/assets/");
  if (isPage)
    writeIndex(served, (await esbuild.build({ ...options(served), minify: false })).metafile);
  const file = isPage ? "/index.html" : path;
  response.writeHead(200, {
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Security-Policy": POLICY,
  });
  response.end(readFileSync(join(served, file)));
}

createServer((incoming, response) => {
  const { pathname } = new URL(incoming.url, "http://localhost");
  if (pathname === "/api/v1/session") return answerSession(incoming.method, response);
  if (pathname.startsWith("/api/")) return passOn(incoming, response);
  return answerFile(pathname, response).catch((failure) => {
    response.writeHead(500);
    response.end(String(failure));
  });
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
