import assert from "node:assert/strict";
import { bytes, count, duration, moment, nats, percent, plural } from "../../pipeline/base/words.ts";

Deno.test("numbers are written for readers", () => {
  assert.equal(count(60000), "60,000");
  assert.equal(nats(-1.005), "−1.00");
  assert.equal(percent(0.9612), "96.1 %");
  assert.equal(plural(1, "epoch"), "1 epoch");
  assert.equal(plural(2000, "epoch"), "2,000 epochs");
  assert.equal(moment("2026-11-23T06:42:38.123Z"), "2026-11-23 06:42 UTC");
});

Deno.test("sizes keep two or three figures", () => {
  const sizes = [0, 999, 1000, 9950, 99_400, 100_000, 999_499, 999_500, 47_040_016, 3e12];
  assert.deepEqual(sizes.map(bytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "9.9 kB",
    "99 kB",
    "100 kB",
    "999 kB",
    "1.0 MB",
    "47 MB",
    "3.0 TB",
  ]);
});

Deno.test("durations go from milliseconds to hours", () => {
  const seconds = [0.0004, 0.25, 0.9999, 59.94, 59.96, 134.2, 3599.6, 7380];
  assert.deepEqual(seconds.map(duration), [
    "0 ms",
    "250 ms",
    "1.0 s",
    "59.9 s",
    "1 min 0 s",
    "2 min 14 s",
    "1 h 0 min",
    "2 h 3 min",
  ]);
});
