import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesText, count } from "../src/words/amounts.ts";
import { durationText, readDuration, showDuration } from "../src/words/durations.ts";
import { signOf } from "../src/words/states.ts";
import { absolute, dayText, relative } from "../src/words/times.ts";
import { lastNights, nightOf } from "../src/parts/nights_words.ts";

const AT = Date.parse("2026-11-29T20:00:00Z");

test("a duration of the API is read in every unit", () => {
  assert.equal(readDuration("350ms"), 350);
  assert.equal(readDuration("90s"), 90_000);
  assert.equal(readDuration("1h30m"), 5_400_000);
  assert.equal(readDuration("2d"), 172_800_000);
  assert.equal(readDuration("-3s"), -3000);
});

test("a text that is no duration is none", () => {
  for (const text of ["", "soon", "5", "5x", "1h later"])
    assert.equal(readDuration(text), null, text);
});

test("a duration is shown in its two largest units", () => {
  assert.equal(showDuration(350), "350 ms");
  assert.equal(showDuration(90_000), "1 min 30 s");
  assert.equal(showDuration(3_600_000), "1 h");
  assert.equal(showDuration(183_845_000), "2 d 3 h");
  assert.equal(showDuration(-61_000), "−1 min 1 s");
  assert.equal(durationText("129600s"), "1 d 12 h");
  assert.equal(durationText(null), "–");
  assert.equal(durationText("soon"), "soon");
});

test("a moment is seen from now", () => {
  assert.equal(relative(AT, AT), "now");
  assert.equal(relative(AT - 5000, AT), "5 s ago");
  assert.equal(relative(AT + 43 * 60_000 + 2000, AT), "in 43 min");
  assert.equal(relative(AT - 26 * 3_600_000, AT), "26 h ago");
  assert.equal(relative(AT - 72 * 3_600_000, AT), "3 d ago");
});

test("an exact time names its zone", () => {
  assert.equal(absolute(AT, "utc"), "2026-11-29 20:00:00 UTC");
  assert.equal(dayText("2026-11-29"), "Sun 29 Nov");
});

test("bytes are shown in the largest unit that fits", () => {
  assert.equal(bytesText(null), "–");
  assert.equal(bytesText(0), "0 B");
  assert.equal(bytesText(1536), "1.5 KiB");
  assert.equal(bytesText(7_412_168_080), "6.9 GiB");
});

test("one thing and several have their own words", () => {
  assert.equal(count(0, "alert"), "no alerts");
  assert.equal(count(1, "alert"), "1 alert");
  assert.equal(count(2, "delivery", "deliveries"), "2 deliveries");
});

test("a state that is not known yet is shown as it is called", () => {
  assert.equal(signOf("sent_by_pigeon").word, "sent by pigeon");
});

test("the worst of a night decides its colour, and its text says everything", () => {
  const night = {
    vault: "prod",
    day: "2026-11-28",
    succeeded: 9,
    warning: 1,
    failed: 2,
    cancelled: 0,
    missed: 1,
  };
  assert.deepEqual(nightOf(night), {
    tone: "bad",
    mark: "3",
    text: "9 succeeded, 1 with warnings, 2 failed, 1 missed",
  });
  assert.equal(nightOf({ ...night, failed: 0, missed: 0 }).tone, "warn");
  const nothing = { ...night, succeeded: 0, warning: 0, failed: 0, missed: 0 };
  assert.deepEqual(nightOf(nothing), { tone: "quiet", mark: "", text: "no runs" });
});

test("a night without a run has its place among the last ones", () => {
  const night = { vault: "prod", succeeded: 9, warning: 0, failed: 0, cancelled: 0, missed: 0 };
  const told = [
    { ...night, day: "2026-03-02" },
    { ...night, vault: "test", day: "2026-03-01" },
  ];
  const nights = lastNights(told, "prod", "2026-03-02");
  assert.equal(nights.length, 14);
  assert.deepEqual(nights[0]?.day, "2026-02-17");
  assert.deepEqual(
    nights.slice(-2).map(({ day, succeeded }) => [day, succeeded]),
    [
      ["2026-03-01", 0],
      ["2026-03-02", 9],
    ],
  );
});
