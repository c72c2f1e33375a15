import assert from "node:assert/strict";
import { DENSE, edit, messageOf } from "./helpers.ts";

const NUMBERS = "A number is written as 3, -3, 0.3 or 3e-4.";
const COMMENTS = 'JSON has no comments: what is to be said goes into "description".';
const QUOTES = 'Text stands in double quotes: "...".';

const epochs = (written: string) => edit(DENSE, `"epochs": 3,`, `"epochs": ${written}`);

/** Slips of those who write other languages, and what they are told. */
const SLIPS: [name: string, text: string, problem: string, hint: string][] = [
  ["a comment", epochs("3, // few"), "18:18: Invalid JSON: unexpected a comment", COMMENTS],
  ["a block comment", epochs("/* few */ 3,"), "18:15: Invalid JSON: unexpected a comment", COMMENTS],
  ["a comment of Python", `# mine\n${DENSE}`, "1:1: Invalid JSON: unexpected a comment", COMMENTS],
  [
    "NaN",
    epochs("NaN,"),
    "18:15: Invalid JSON: unexpected NaN",
    "JSON has no NaN and no infinity: write a number.",
  ],
  [
    "-Infinity",
    epochs("-Infinity,"),
    "18:15: Invalid JSON: unexpected -Infinity",
    "JSON has no NaN and no infinity: write a number.",
  ],
  [
    "True",
    epochs("True,"),
    '18:15: Invalid JSON: unexpected "True"',
    "Write true, in small letters.",
  ],
  [
    "None",
    epochs("None,"),
    '18:15: Invalid JSON: unexpected "None"',
    "Leave the key out where there is no value.",
  ],
  ["a number without a zero", epochs(".3,"), "18:15: Invalid JSON: unexpected '.3'", NUMBERS],
  ["a number that ends in a dot", epochs("3.,"), "18:17: Invalid JSON: unexpected ','", NUMBERS],
  ["a number with a zero in front", epochs("03,"), "18:15: Invalid JSON: unexpected '03'", NUMBERS],
  [
    "a key without quotes",
    edit(DENSE, `"epochs"`, `epochs`),
    '18:5: Invalid JSON: unexpected "epochs"',
    'Keys stand in double quotes: "epochs".',
  ],
  [
    "a text without quotes",
    edit(DENSE, `"tanh"`, `tanh`),
    '14:48: Invalid JSON: unexpected "tanh"',
    QUOTES,
  ],
  [
    "a text in single quotes",
    edit(DENSE, `"tanh"`, `'tanh'`),
    "14:48: Invalid JSON: unexpected '''",
    QUOTES,
  ],
];

for (const [name, text, problem, hint] of SLIPS) {
  Deno.test(`${name} in a spec is named, with what JSON has in its place`, () => {
    assert.equal(messageOf(text), `s.json:${problem}\n  ${hint}`);
  });
}
