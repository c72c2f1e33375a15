import assert from "node:assert/strict";
import { ROOT } from "../graph/toy_project.ts";
import { canonicalJson } from "../../pipeline/formats/canonical_json.ts";
import { experimentSchema } from "../../pipeline/spec/experiment.ts";
import { DECLARATIONS, type Settings } from "../../pipeline/stages/declarations.ts";

const BASE = {
  name: "base",
  dataset: { name: "mnist" },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
};

/** The slice of each stage, as its key sees it. */
const SETTINGS: Settings = { engine: "native", reportFolder: "/reports/small" };

function slices(change: object = {}, settings: Settings = SETTINGS): Map<string, string> {
  const spec = experimentSchema.parse({ ...BASE, ...change });
  return new Map(DECLARATIONS.map((declaration) => [
    declaration.name,
    canonicalJson(JSON.parse(JSON.stringify(declaration.slice(spec, settings)))),
  ]));
}

function changed(after: Map<string, string>): string[] {
  const before = slices();
  return [...after].filter(([stage, slice]) => before.get(stage) !== slice).map(([stage]) => stage);
}

Deno.test("a change of the spec reaches the slices of the stages that it concerns, and no others", () => {
  assert.deepEqual(changed(slices({ figures: { samples: 9 } })), ["render", "report"]);
  assert.deepEqual(changed(slices({ kl: { schedule: "linear", end: 3 } })), ["train", "report"]);
  assert.deepEqual(changed(slices({ training: { epochs: 3 } })), ["train", "report"]);
  assert.deepEqual(changed(slices({ evaluation: { neighbours: 3 } })), ["evaluate", "report"]);
  assert.deepEqual(changed(slices({ title: "Another" })), ["report"]);
  assert.deepEqual(changed(slices({ dataset: { name: "mnist", split: { train: { count: 10 } } } })), [
    "preprocess",
    "report",
  ]);
  const model = { ...BASE.model, latentSize: 3 };
  assert.deepEqual(changed(slices({ model })), ["train", "evaluate", "render", "report"]);
  assert.deepEqual(changed(slices({}, { ...SETTINGS, engine: "portable" })), [
    "train",
    "evaluate",
    "render",
    "report",
  ]);
});

Deno.test("where the data come from is in the report's slice alone; the seed reaches preprocessing only where it draws", () => {
  assert.deepEqual(changed(slices({ dataset: { name: "mnist", source: { type: "https" } } })), ["report"]);
  assert.deepEqual(changed(slices({ seed: 2 })), ["train", "evaluate", "render", "report"]);
  const shuffled = (seed: number) =>
    slices({ seed, dataset: { name: "mnist", split: { order: "shuffled" } } });
  assert.notEqual(shuffled(1).get("preprocess"), shuffled(2).get("preprocess"));
});

Deno.test("only the download may use a network, programs or folders of the user; each stage follows those it reads", () => {
  const specs = [{}, {
    dataset: { name: "mnist", source: { type: "https", mirrors: ["https://example.org/x/"] } },
  }]
    .map((change) => experimentSchema.parse({ ...BASE, ...change }));
  for (const spec of specs) {
    const before = new Set<string>();
    for (const { name, permissions, inputs } of DECLARATIONS) {
      const { net = [], run = [], read = [], env = [] } = permissions(spec, { engine: "native" });
      // The report reads the licences of all packages.
      const folders = name === "report" ? [`${ROOT}/node_modules`] : [];
      if (name !== "download") assert.deepEqual([net, run, read, env], [[], [], folders, []], name);
      for (const { stage } of inputs(spec)) assert(before.has(stage), `${name} reads ${stage}`);
      before.add(name);
    }
  }
  assert.deepEqual(DECLARATIONS[0]!.permissions(specs[1]!, { engine: "native" }), { net: ["example.org"] });
});
