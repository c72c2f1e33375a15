import assert from "node:assert/strict";
import { canonicalJson } from "../../pipeline/formats/canonical_json.ts";
import { experimentSchema } from "../../pipeline/spec/experiment.ts";
import { ROOT } from "../graph/toy_project.ts";
import { DECLARATIONS, type Settings } from "../../pipeline/stages/declarations.ts";
import { bundlerProgram } from "../../pipeline/report/bundler_program.ts";
import { sliceOf } from "../support/slice.ts";

const BASE = {
  name: "base",
  dataset: { name: "mnist" },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
};

/** The slice of each stage, as its key sees it. */
const SETTINGS: Settings = { engine: "native", reportFolder: "/reports/small" };

async function slices(change: object = {}, settings: Settings = SETTINGS): Promise<Map<string, string>> {
  const spec = experimentSchema.parse({ ...BASE, ...change });
  const named = DECLARATIONS.map(async (declaration) =>
    [declaration.name, canonicalJson(await sliceOf(declaration, spec, settings))] as const
  );
  return new Map(await Promise.all(named));
}

async function changed(...change: Parameters<typeof slices>): Promise<string[]> {
  const [before, after] = [await slices(), await slices(...change)];
  return [...after].filter(([stage, slice]) => before.get(stage) !== slice).map(([stage]) => stage);
}

Deno.test("a change of the spec reaches the slices of the stages that it concerns, and no others", async () => {
  assert.deepEqual(await changed({ figures: { samples: 9 } }), ["render", "report"]);
  assert.deepEqual(await changed({ kl: { schedule: "linear", end: 3 } }), ["train", "report"]);
  assert.deepEqual(await changed({ training: { epochs: 3 } }), ["train", "report"]);
  assert.deepEqual(await changed({ evaluation: { neighbours: 3 } }), ["evaluate", "report"]);
  assert.deepEqual(await changed({ title: "Another" }), ["report"]);
  assert.deepEqual(await changed({ dataset: { name: "mnist", split: { train: { count: 10 } } } }), [
    "preprocess",
    "report",
  ]);
  const model = { ...BASE.model, latentSize: 3 };
  assert.deepEqual(await changed({ model }), ["train", "evaluate", "render", "report"]);
  assert.deepEqual(await changed({}, { ...SETTINGS, engine: "portable" }), [
    "train",
    "evaluate",
    "render",
    "report",
  ]);
});

Deno.test("a GPU is asked for by the stages that compute on one, and by no others", () => {
  const spec = experimentSchema.parse(BASE);
  const asking = (engine: Settings["engine"]) =>
    DECLARATIONS.filter(({ resources }) => resources?.(spec, { ...SETTINGS, engine }).gpus)
      .map(({ name }) => name);
  assert.deepEqual(asking("webgpu"), ["train", "evaluate", "render"]);
  assert.deepEqual([asking("native"), asking("portable")], [[], []]);
});

Deno.test("where the data come from is in the report's slice alone; the seed reaches preprocessing only where it draws", async () => {
  assert.deepEqual(await changed({ dataset: { name: "mnist", source: { type: "https" } } }), ["report"]);
  assert.deepEqual(await changed({ seed: 2 }), ["train", "evaluate", "render", "report"]);
  const shuffled = (seed: number) =>
    slices({ seed, dataset: { name: "mnist", split: { order: "shuffled" } } });
  assert.notEqual((await shuffled(1)).get("preprocess"), (await shuffled(2)).get("preprocess"));
});

Deno.test("only the download may use a network or folders of the user, and beside it only the report starts a program; each stage follows those it reads", () => {
  const specs = [{}, {
    dataset: { name: "mnist", source: { type: "https", mirrors: ["https://example.org/x/"] } },
  }]
    .map((change) => experimentSchema.parse({ ...BASE, ...change }));
  for (const spec of specs) {
    const before = new Set<string>();
    for (const { name, permissions, inputs } of DECLARATIONS) {
      const { net = [], run = [], read = [], env = [] } = permissions(spec, { engine: "native" });
      // The report bundles its scripts, and names the licences of all packages, which are functions of the versions in the stages' keys.
      const [packages, programs] = name === "report"
        ? [[`${ROOT}/node_modules`], [bundlerProgram()]]
        : [[], []];
      if (name !== "download") assert.deepEqual([net, run, read, env], [[], programs, packages, []], name);
      for (const { stage } of inputs()) assert(before.has(stage), `${name} reads ${stage}`);
      before.add(name);
    }
  }
  assert.deepEqual(DECLARATIONS[0]!.permissions(specs[1]!, { engine: "native" }), { net: ["example.org"] });
});
