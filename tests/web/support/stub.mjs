// A server that answers as it is told: for what a real aggregator seldom says, and for counting who listens.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { web } from "./packages.mjs";

const dist = join(web, "dist");
const TYPES = { js: "text/javascript", css: "text/css", html: "text/html" };
const EMPTY = { items: [], next: null };

export const STATUS = {
  headline: "all is well",
  active_alerts: { critical: 0, warning: 0, informational: 0 },
  outbox: { pending: 0, sending: 0, given_up_24h: 0 },
  requests_waiting: 0,
  owners: ["owner"],
  is_mail_configured: true,
  declared: { problem: null },
  account: "Test",
  vaults: 1,
  jobs: 1,
};

export class Stub {
  streams = new Set();
  opened = 0;
  /** How often each "METHOD /path" was asked for. */
  asked = {};
  /** Whether the events are refused. */
  isClosed = false;
  /** "METHOD /path" below /api/v1: the answer, or a function that gives [status, answer, headers]. */
  answers = {
    "GET /session": { name: "alice", role: "admin", csrf: "c", expires_at: "2100-01-01T00:00:00Z" },
    "GET /status": STATUS,
  };

  async start() {
    this.server = createServer((request, response) => void this.#answer(request, response));
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.address = `http://127.0.0.1:${this.server.address().port}`;
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.address);
    if (pathname === "/api/v1/events") return this.#stream(request, response);
    if (pathname.startsWith("/api/v1/"))
      return this.#json(request, pathname.slice("/api/v1".length), response);
    const name = pathname.startsWith("/assets/") ? pathname : "index.html";
    response.writeHead(200, { "Content-Type": TYPES[name.split(".").pop()] });
    return response.end(readFileSync(join(dist, name)));
  }

  async #json(request, path, response) {
    const what = `${request.method} ${path}`;
    this.asked[what] = (this.asked[what] ?? 0) + 1;
    let text = "";
    for await (const part of request) text += part;
    const answer = this.answers[what] ?? EMPTY;
    const told =
      typeof answer === "function"
        ? answer(text ? JSON.parse(text) : null, request.headers)
        : [200, answer];
    const [status, json, headers = {}] = told;
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify(json));
  }

  #stream(request, response) {
    if (this.isClosed) return response.writeHead(503).end();
    this.opened += 1;
    this.streams.add(response);
    request.on("close", () => this.streams.delete(response));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    return response.write("id: 1\nevent: snapshot\ndata: {}\n\n");
  }

  set headline(text) {
    this.answers["GET /status"] = { ...STATUS, headline: text };
  }

  say(what, id) {
    for (const stream of this.streams)
      stream.write(`event: changed\ndata: ${JSON.stringify({ what, id })}\n\n`);
  }

  cut() {
    for (const stream of this.streams) stream.destroy();
  }

  end() {
    this.cut();
    this.server.close();
    this.server.closeAllConnections();
  }
}
