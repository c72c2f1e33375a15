import assert from "node:assert/strict";
import { decodeMessage, encodeMessage, type Message } from "../../../pipeline/graph/worker/protocol.ts";

const MESSAGES: readonly Message[] = [
  { type: "progress", event: { fraction: 0.5, text: "half\nway", secondsLeft: 3 } },
  { type: "record", name: "numbers", value: { count: [1, 2, null] } },
  { type: "notice", message: "äöü \u2028 \u0000" },
  { type: "done", started: "2026-01-01T00:00:00.000Z", seconds: 1.5, machine: { cores: 2 } },
  { type: "user-error", message: "m", place: { file: "f", line: 1, column: 2 }, notes: ["n"] },
  {
    type: "undeclared",
    access: "read",
    target: '"/etc/passwd"',
    place: { file: "/a.ts", line: 1, column: 2 },
  },
  { type: "defect", message: "m", stack: "RangeError: m\n    at f" },
];

Deno.test("every message comes through as it was told, also after a library that ended no line", () => {
  for (const message of MESSAGES) {
    const lines = `printed without an end${encodeMessage(message)}`.split("\n");
    assert.deepEqual(lines.map(decodeMessage), [undefined, message, undefined]);
  }
});

Deno.test("what a library prints is no message", () => {
  for (
    const line of [
      "",
      "{",
      "null",
      '{"level":"info"}',
      '{"type":"done"',
      '{"type": "done"}',
      ' {"type":"done"}',
    ]
  ) {
    assert.equal(decodeMessage(line), undefined, line);
  }
});
