// A real aggregator on loopback, with a mail server, agents, and the dashboard in front of it.

import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const programs = process.env.VAULTBELL_PROGRAMS;
const tests = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const WAIT = 30_000;
const POLL = 50;

const run = promisify(execFile);

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

export async function until(what, condition) {
  const deadline = Date.now() + WAIT;
  for (;;) {
    const found = await Promise.resolve()
      .then(condition)
      .catch(() => undefined);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not seen within ${WAIT / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

export class World {
  #folder = mkdtempSync(join(tmpdir(), "vaultbell-web-"));
  #children = [];
  #aggregator;
  #hasTls = false;

  /** With TLS it shows a certificate of its own, `certificate`. */
  static async start({ hasTls = false } = {}) {
    const world = new World();
    world.#hasTls = hasTls;
    try {
      await world.#begin();
    } catch (failure) {
      await world.end();
      throw failure;
    }
    return world;
  }

  async #begin() {
    const mail = this.#spawn("/usr/bin/python3", [
      join(tests, "support/smtp_server.py"),
      "--port",
      "0",
      "--tls",
      "none",
      "--out",
      join(this.#folder, "mails"),
    ]);
    const [line] = await once(mail.stdout, "data");
    this.#configure(JSON.parse(line).port, await freePort(), await freePort(), await freePort());
    await this.startAggregator();
    this.token = await this.apiToken();
  }

  async startAggregator() {
    const config = join(this.#folder, "aggregator.toml");
    this.#aggregator = this.#spawn(join(programs, "vaultbell-aggregator"), ["--config", config]);
    await until("the aggregator answers", () => this.vaultbell("status"));
  }

  async stopAggregator() {
    const gone = once(this.#aggregator, "exit");
    this.#aggregator.kill("SIGTERM");
    await gone;
  }

  /** What [web] says of a certificate. */
  #certified() {
    if (!this.#hasTls) return "";
    this.certificate = join(this.#folder, "web.pem");
    const key = join(this.#folder, "web.key");
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", key, "-out", this.certificate];
    const args = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      ...names,
      ...files,
    ];
    execFileSync("openssl", args, { stdio: "ignore" });
    return `certificate = "${this.certificate}"\nkey = "${key}"\n`;
  }

  #configure(smtp, agents, enrolment, web) {
    this.address = `http${this.#hasTls ? "s" : ""}://127.0.0.1:${web}`;
    writeFileSync(
      join(this.#folder, "aggregator.toml"),
      `state_dir = "${this.#folder}/aggregator"
[control]
socket = "${this.#socket}"
[account]
name = "Test"
owners = ["owner@test.example"]
[agents]
listen = "tcp://127.0.0.1:${agents}"
public_endpoint = "tcp://127.0.0.1:${agents}"
heartbeat_every = "500ms"
disconnect_after = "3s"
[enrolment]
listen = "tcp://127.0.0.1:${enrolment}"
[web]
listen = "127.0.0.1:${web}"
${this.#certified()}[smtp]
url = "smtp://127.0.0.1:${smtp}"
from = "Vaultbell <vaultbell@test.example>"
tls = "off"
`,
    );
  }

  /** A link that signs one browser in, once. */
  async loginLink(role = "admin") {
    const args = ["login-link", "--name", "tester", "--role", role];
    return (await this.#print(...args)).trim();
  }

  /** An API token, which signs any number of browsers in. */
  async apiToken(role = "admin") {
    return (await this.#print("token", "create", `tester-${role}`, "--role", role)).trim();
  }

  get #socket() {
    return join(this.#folder, "control.sock");
  }

  #spawn(program, args) {
    const log = openSync(join(this.#folder, "log"), "a");
    const child = spawn(program, args, { stdio: ["ignore", "pipe", log] });
    this.#children.push(child);
    return child;
  }

  async #print(...args) {
    const environment = { ...process.env, VAULTBELL_SOCKET: this.#socket };
    return (await run(join(programs, "vaultbell"), args, { env: environment })).stdout;
  }

  /** What the command prints, as JSON where it prints that. */
  async vaultbell(...args) {
    return JSON.parse((await this.#print(...args, "-o", "json")) || "null");
  }

  /** Enrols a host and starts its agent. */
  async addHost(name, vault) {
    return this.joinHost(name, await this.#print("enrol", "token", "create", "--vault", vault));
  }

  /** The same with a token that there is; it goes on once the host is let in. */
  async joinHost(name, text) {
    const folder = join(this.#folder, name);
    mkdirSync(folder);
    const config = join(folder, "agent.toml");
    writeFileSync(config, `state_dir = "${folder}/state"\n`);
    const token = join(folder, "token");
    writeFileSync(token, text);
    await this.agent(name, "enrol", "--name", name, "--token-file", token);
    const child = this.#spawn(join(programs, "vaultbell-agent"), ["serve", "--config", config]);
    await until(
      `${name} is online`,
      async () => (await this.vaultbell("client", "show", name)).state === "online",
    );
    return child;
  }

  /** What the mail server got, the oldest first. */
  get mails() {
    const lines = readFileSync(join(this.#folder, "mails"), "utf8").split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  }

  agent(name, command, ...args) {
    const config = join(this.#folder, name, "agent.toml");
    return run(join(programs, "vaultbell-agent"), [command, "--config", config, ...args]);
  }

  /** A run that ended so, and that the aggregator has. */
  async report(name, job, outcome, ...more) {
    const before = (await this.vaultbell("run", "list")).length;
    await this.agent(name, "report", "--job", job, "--outcome", outcome, ...more);
    await until(
      "the run is listed",
      async () => (await this.vaultbell("run", "list")).length > before,
    );
  }

  get log() {
    return readFileSync(join(this.#folder, "log"), "utf8");
  }

  async end() {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    rmSync(this.#folder, { recursive: true });
  }
}
