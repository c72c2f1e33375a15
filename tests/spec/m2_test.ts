import assert from "node:assert/strict";
import { parseExperiment } from "../../pipeline/spec/load.ts";
import { refusal } from "./refusal.ts";

type Changes = Readonly<Record<string, unknown>>;

const spec = (changes: Changes = {}, model: Changes = {}) =>
  JSON.stringify({
    name: "s",
    dataset: { name: "mnist", split: { validation: { count: 100 } } },
    model: {
      architecture: "dense",
      conditional: true,
      latentSize: 2,
      encoder: { units: [8] },
      decoder: { units: [8] },
      ...model,
    },
    objective: { name: "m2", labelsPerClass: 10 },
    ...changes,
  });

Deno.test("M2 takes the paper's weight of the classification loss, and its first draw", () => {
  const { objective } = parseExperiment(spec(), "s.json").spec;
  assert.deepEqual(objective, { name: "m2", labelsPerClass: 10, draw: 0, alpha: 0.1 });
});

Deno.test("where M2 has no class to infer, or would see labels that it is not to see, the spec says so", () => {
  assert.match(refusal(spec({}, { conditional: false })), /told no class\s.*"conditional": true in model/s);
  assert.match(refusal(spec({ training: { earlyStopping: { patience: 2 } } })), /not to see the labels/);
  assert.match(refusal(spec({ kl: { schedule: "constant", freeBits: 0.1 } })), /a KL of its own/);
  assert.match(refusal(spec({ objective: { name: "m2" } })), /labelsPerClass/);
});
