import assert from "node:assert/strict";
import fc from "fast-check";
import { ROCrate } from "ro-crate";
import type { StageProvenance } from "../../pipeline/graph/stage.ts";
import { type CrateSource, runCrate } from "../../pipeline/report/ro_crate.ts";

const DIGEST = "ab".repeat(32);

function stage(
  name: string,
  inputs: string[],
  outputs: string[],
  started: string,
  seconds: number,
): StageProvenance {
  return {
    record: {
      key: `${name}-key`,
      stage: name,
      outputs: Object.fromEntries(outputs.map((path) => [path, { digest: DIGEST, size: 7 }])),
      started,
      seconds,
      machine: { deno: "2.9.6", processor: "Some processor", cores: 2, os: "linux" },
      recorded: {},
      notices: [],
    },
    manifest: {
      stage: name,
      slice: null,
      inputs: Object.fromEntries(inputs.map((input) => [input, DIGEST])),
      code: `${name}-code`,
    },
    code: {
      entry: "",
      variants: {},
      modules: {},
      packages: { d3: "7.9.2", "@tensorflow/tfjs": "4.22.0, 4.23.0" },
    },
  };
}

const SOURCE: CrateSource = {
  title: "A title & <more>",
  description: "What it is for",
  dataset: {
    title: "MNIST",
    authors: ["Yann LeCun", "Corinna Cortes"],
    licence: { name: "CC BY-SA 3.0", url: "https://creativecommons.org/licenses/by-sa/3.0/" },
    url: "http://yann.lecun.com/exdb/mnist/",
  },
  provenance: {
    stages: [
      stage("download", [], ["images"], "2026-01-02T00:00:00.000Z", 2),
      stage(
        "train",
        ["download/images"],
        ["weights.safetensors", "metrics.csv"],
        "2026-01-01T00:00:00.000Z",
        1.5,
      ),
      stage("render", ["train/metrics.csv"], ["figures/a b.svg"], "2026-01-03T00:00:00.000Z", 0.25),
    ],
  },
  files: [
    { path: "index.html", what: "the report" },
    { path: "spec.json" },
    { path: "tables/metrics.csv", input: "train/metrics.csv" },
    { path: "figures/a b.svg", input: "render/figures/a b.svg" },
  ],
};

/** A crate as its readers see it: references are followed, every value is a list. */
// deno-lint-ignore no-explicit-any
function read(text: string): any {
  return new ROCrate(JSON.parse(text), { array: true, link: true });
}

const ids = (entities: { "@id": string }[]) => entities.map((entity) => entity["@id"]);

Deno.test("a crate read back is a workflow run: its files, the run of the spec, and the run of each stage", () => {
  const crate = read(runCrate(SOURCE));
  const root = crate.rootDataset;
  assert.deepEqual(ids(root.conformsTo), [
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
  ]);
  assert.deepEqual([root.name, root.description], [["A title & <more>"], ["What it is for"]]);
  assert.deepEqual(root.datePublished, ["2026-01-03T00:00:00.250Z"]);
  assert.deepEqual(ids(root.hasPart), ["index.html", "spec.json", "tables/metrics.csv", "figures/a%20b.svg"]);
  const [workflow] = root.mainEntity;
  assert.deepEqual(workflow["@type"], ["File", "SoftwareSourceCode", "ComputationalWorkflow"]);

  const [run, ...stages] = root.mentions;
  assert.equal(run.instrument[0]["@id"], workflow["@id"]);
  assert.deepEqual([run.startTime, run.endTime], [["2026-01-01T00:00:00.000Z"], [
    "2026-01-03T00:00:00.250Z",
  ]]);
  assert.deepEqual(ids(stages), ["#run-download", "#run-train", "#run-render"]);
  const [download, train, render] = stages;
  assert.deepEqual(train.identifier, ["train-key"]);
  assert.deepEqual(train.endTime, ["2026-01-01T00:00:01.500Z"]);
  assert.deepEqual(train.instrument[0].softwareVersion, ["train-code"]);
  assert.deepEqual(ids(train.instrument[0].softwareRequirements), [
    "#deno-2.9.6",
    "pkg:npm/d3@7.9.2",
    "pkg:npm/@tensorflow/tfjs@4.22.0",
    "pkg:npm/@tensorflow/tfjs@4.23.0",
  ]);
  // From the data to a figure, one stage after the other.
  assert.deepEqual(download.object[0].license[0].name, ["CC BY-SA 3.0"]);
  assert.deepEqual(ids(download.result), ids(train.object));
  assert.deepEqual(ids(train.result), ["#train/weights.safetensors", "tables/metrics.csv"]);
  assert.deepEqual(ids(render.object), ["tables/metrics.csv"]);
  assert.deepEqual(render.result[0].sha256, [DIGEST]);
  assert.deepEqual(render.result[0].encodingFormat, ["image/svg+xml"]);
});

Deno.test("what is not known is left out, and nothing refers to what is not there", () => {
  const train = SOURCE.provenance.stages[1]!;
  const sparse: CrateSource = {
    ...SOURCE,
    dataset: { title: "My own tunes" },
    provenance: { stages: [{ ...train, record: { ...train.record, machine: {} } }] },
  };
  for (const source of [SOURCE, sparse]) {
    const graph: Record<string, unknown>[] = JSON.parse(runCrate(source))["@graph"];
    const known = new Set(graph.map((entity) => entity["@id"]));
    assert.equal(known.size, graph.length);
    const check = (value: unknown): void => {
      assert(value !== null && value !== "" && value !== undefined && value !== "undefined");
      if (Array.isArray(value)) {
        assert(value.length > 0);
        value.forEach(check);
      } else if (typeof value === "object") {
        const { "@id": id, ...rest } = value as Record<string, unknown>;
        assert.deepEqual(rest, {});
        assert(known.has(id) || id === "https://w3id.org/ro/crate/1.1" || id === "#download/images", `${id}`);
      }
    };
    for (const entity of graph) Object.values(entity).forEach(check);
  }
  const text = runCrate(sparse);
  for (const word of ["license", "author", "Some processor", "deno", "agent"]) {
    assert(!text.includes(`"${word}"`), word);
  }
});

Deno.test("whatever titles, names and files hold, the crate reads back as they were, and the same each time", () => {
  const words = fc.string({ unit: "binary", minLength: 1, maxLength: 30 }).filter((text) =>
    text.isWellFormed()
  );
  fc.assert(
    fc.property(words, words, words, (title, author, path) => {
      const source: CrateSource = {
        ...SOURCE,
        title,
        dataset: { ...SOURCE.dataset, authors: [author] },
        files: [...SOURCE.files.slice(0, 2), { path: `figures/${path}`, input: "render/figures/a b.svg" }],
      };
      const text = runCrate(source);
      const { rootDataset } = read(text);
      assert.deepEqual(rootDataset.name, [title]);
      assert.deepEqual(rootDataset.mentions[1].object[0].author[0].name, [author]);
      assert.deepEqual(rootDataset.hasPart[2].name, [`figures/${path}`]);
      assert.equal(runCrate(source), text);
    }),
    { numRuns: 500 },
  );
});
