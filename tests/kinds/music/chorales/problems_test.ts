import assert from "node:assert/strict";
import { parseExperiment } from "../../../../pipeline/spec/load.ts";
import { messageOf } from "../../../spec/helpers.ts";

const CHORALES = `{
  "name": "sung",
  "dataset": { "name": "jsb-chorales" },
  "model": {
    "architecture": "dense",
    "latentSize": 4,
    "likelihood": { "family": "categorical" },
    "encoder": { "units": [8] },
    "decoder": { "units": [8] }
  }
}`;

Deno.test("chorales are two bars of voices in all keys, or whole pieces as rolls of quarters", () => {
  const windows = (...overrides: string[]) => {
    const { dataset } = parseExperiment(CHORALES, "songs/s.json", overrides).spec;
    return "windows" in dataset ? dataset.windows : undefined;
  };
  assert.deepEqual(windows(), { length: 32, hop: 16, transpositions: "keys" });
  const roll = ["dataset.representation=roll", "model.likelihood.family=bernoulli"];
  assert.deepEqual(windows(...roll), { length: 160, hop: 16, transpositions: [0] });
  assert.deepEqual(windows("dataset.representation=chords"), { length: 160, hop: 16, transpositions: [0] });
  assert.deepEqual(windows("dataset.windows.length=64"), { length: 64, hop: 16, transpositions: "keys" });
});

Deno.test("what voices cannot be is refused, with what they can", () => {
  const cases: [string, RegExp][] = [
    [
      "model.likelihood.family=bernoulli",
      /A voice does one thing at a step: the likelihood must be "categorical"/,
    ],
    [
      "dataset.representation=roll",
      /The cells of a piano roll are on or off: the likelihood must be "bernoulli" or "padded-bernoulli"/,
    ],
    ["dataset.windows.transpositions=[1,1]", /The transposition 1 is given twice/],
    ["dataset.windows.transpositions=all", /transpositions/],
    ["dataset.representation=midi", /must be one of "voices", "chords", "roll"/],
    ["dataset.source.type=npm", /must be one of "https", "folder"/],
  ];
  for (const [override, message] of cases) assert.match(messageOf(CHORALES, override), message, override);
});

Deno.test("a likelihood of symbols, or of filled-up sequences, is for no other data", () => {
  const digits = JSON.stringify({ ...JSON.parse(CHORALES), dataset: { name: "mnist" } });
  assert.match(messageOf(digits), /of one symbol out of several is not for these examples: MNIST has none/);
  assert.match(
    messageOf(digits, "model.likelihood.family=padded-bernoulli"),
    /filled up with zeros is not for/,
  );
  const music = JSON.stringify({ ...JSON.parse(CHORALES), dataset: { name: "piano-genres" } });
  assert.match(messageOf(music), /the likelihood must be "bernoulli", not "categorical"/);
  assert.match(
    messageOf(music, "model.likelihood.family=padded-bernoulli"),
    /must be "bernoulli", not "padded/,
  );
});
