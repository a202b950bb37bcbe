// Many who look on, and many who are slow on purpose, over TLS: they hold up neither the API nor a heartbeat.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { World } from "./support/world.mjs";

const READERS = 100;
const SLOW = 500;
const DEADLINE = 10_000; // of a request, and of a greeting

let world;
let ca;
const open = [];

before(async () => {
  world = await World.start({ hasTls: true });
  ca = readFileSync(world.certificate);
  await world.vaultbell("vault", "create", "production");
  await world.addHost("db-1", "production");
});

after(async () => {
  for (const each of open) each.destroy();
  await world?.end();
});

/** The answer to a GET, when its head is there. */
function ask(path) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${world.token}` };
    const asked = request(new URL(path, world.address), { ca, headers, agent: false }, resolve);
    asked.on("error", reject).end();
  });
}

async function read(answer) {
  let text = "";
  for await (const part of answer) text += part;
  return JSON.parse(text);
}

/** Resolves when the server has had enough of a client that begins a greeting and says no more. */
function beSlow() {
  const { port } = new URL(world.address);
  const socket = connect(Number(port), "127.0.0.1", () => socket.write("\x16"));
  open.push(socket);
  return new Promise((resolve) =>
    socket
      .on("error", () => {})
      .on("close", resolve)
      .resume(),
  );
}

test(`${READERS} readers of events and ${SLOW} slow clients delay nobody`, async () => {
  const readers = await Promise.all(Array.from({ length: READERS }, () => ask("/api/v1/events")));
  open.push(...readers);
  for (const reader of readers) assert.equal(reader.headers["content-type"], "text/event-stream");
  const heard = readers.map(
    (reader) =>
      new Promise((resolve) => {
        reader.on("data", (text) => String(text).includes('"what":"vault"') && resolve());
      }),
  );
  const began = Date.now();
  const cut = Array.from({ length: SLOW }, beSlow);

  const spent = [];
  for (let i = 0; i < 50; i += 1) {
    const asked = performance.now();
    const answer = await ask("/api/v1/clients/db-1");
    assert.equal(answer.statusCode, 200);
    assert.equal((await read(answer)).state, "online", "its heartbeats are heard");
    spent.push(performance.now() - asked);
  }
  spent.sort((a, b) => a - b);
  console.log(
    `a client's page, meanwhile: median ${spent[25].toFixed(1)} ms, slowest ${spent[49].toFixed(1)} ms`,
  );

  await world.vaultbell("vault", "create", "lab");
  await Promise.all(heard);
  await Promise.all(cut);
  assert.ok(Date.now() - began < 3 * DEADLINE, "slow ones are cut");
});

test("what is in the clear is not answered where there is a certificate", async () => {
  await assert.rejects(fetch(world.address.replace("https", "http")));
});
