import assert from "node:assert/strict";
import { test } from "node:test";
import { path, urlOf } from "../src/api/request.ts";
import { readProblem } from "../src/api/problem.ts";
import { addressOf, changedQuery, match, readPlace } from "../src/frame/router.ts";
import { isFiltered, queryOf, withoutFilters, type Filter } from "../src/parts/filters.ts";

const FILTERS: readonly Filter[] = [
  { kind: "text", name: "q", label: "Name" },
  { kind: "choice", name: "state", label: "State", choices: [] },
];

test("an address is read and written back", () => {
  const place = readPlace("/clients?state=disconnected&q=db%2F1");
  assert.deepEqual(place, { path: "/clients", query: { state: "disconnected", q: "db/1" } });
  assert.equal(addressOf(place), "/clients?state=disconnected&q=db%2F1");
});

test("a changed filter begins at the first page again", () => {
  const query = { state: "online", cursor: "100" };
  assert.deepEqual(changedQuery(query, { state: "offline" }), { state: "offline" });
  assert.deepEqual(changedQuery(query, { cursor: "200" }), { state: "online", cursor: "200" });
  assert.deepEqual(changedQuery(query, { state: "" }), {});
});

test("only filters of the list go to the API", () => {
  assert.deepEqual(queryOf(FILTERS, { q: "db", tab: "x", cursor: "7", state: "" }), {
    q: "db",
    cursor: "7",
  });
  assert.equal(isFiltered(FILTERS, { cursor: "7" }), false);
  assert.equal(isFiltered(FILTERS, { q: "db" }), true);
  assert.deepEqual(withoutFilters(FILTERS), { q: "", state: "" });
});

test("a path gives the parameters of its pattern", () => {
  assert.deepEqual(match("/clients/:name", "/clients/a%2Fb"), { name: "a/b" });
  assert.equal(match("/clients/:name", "/clients"), null);
  assert.equal(match("/clients/:name", "/clients/%zz"), null);
  assert.deepEqual(match("/", "/"), {});
});

test("names in a request's path are one segment each, and a space is no plus", () => {
  assert.equal(path("vaults", "a/b c"), "/vaults/a%2Fb%20c");
  assert.equal(
    urlOf("/runs", { job: "a b", client: "", limit: 5 }),
    "/api/v1/runs?job=a%20b&limit=5",
  );
});

test("a plus in a filter stays one", () => {
  assert.equal(
    urlOf("/deliveries", { recipient: "+49 1" }),
    "/api/v1/deliveries?recipient=%2B49%201",
  );
});

test("an error of the API is read with all that it says", () => {
  const stale =
    '{"error":{"code":"stale","message":"too late","current":{"id":1},"changed_by":"bob"}}';
  const problem = readProblem(409, stale);
  assert.equal(problem.isStale, true);
  assert.equal(problem.message, "too late");
  assert.equal(problem.changedBy, "bob");
});

test("an error that is no JSON is told by its status", () => {
  assert.equal(readProblem(502, "<html>").message, "the aggregator answered 502");
  assert.equal(readProblem(500, "null").code, "failed");
});
