import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import fc from "fast-check";
import type { StageProvenance } from "../../../pipeline/graph/stage.ts";
import { type CrateSource, runCrate } from "../../../pipeline/report/crate/run_crate.ts";
import { HAS_VALIDATOR, validate } from "./validator.ts";
import { anyText } from "../../support/any_text.ts";

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

const LICENCES: Readonly<Record<string, string>> = {
  d3: "ISC",
  "@tensorflow/tfjs": "Apache-2.0 AND MIT",
  tone: "MIT",
};

/** No package for another system is installed. */
function installed(name: string, version: string) {
  return name === "for-another-system" ? undefined : { name, version, licence: LICENCES[name], folder: "" };
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
    code: {
      entry: "",
      variants: {},
      modules: {},
      packages: { tone: "15.5.44", "for-another-system": "1.0.0" },
    },
  },
  files: [
    { path: "index.html", what: "the report", packages: [installed("tone", "15.5.44")!] },
    { path: "spec.json" },
    { path: "tables/metrics.csv", input: "train/metrics.csv" },
    { path: "figures/a b.svg", input: "render/figures/a b.svg" },
  ],
  installed,
};

/** What a user's data and a machine that tells nothing leave unknown. */
const SPARSE: CrateSource = {
  ...SOURCE,
  dataset: { title: "My own tunes", authors: [], licence: { name: "not stated", url: "" }, url: "" },
  provenance: {
    stages: SOURCE.provenance.stages.slice(1, 2).map((train) => ({
      ...train,
      record: { ...train.record, machine: {} },
    })),
    code: { entry: "", variants: {}, modules: {}, packages: {} },
  },
};

/** The root of a crate as its readers see it: references are followed, every value is a list. */
// deno-lint-ignore no-explicit-any
function read(text: string): any {
  const graph: Record<string, unknown>[] = JSON.parse(text)["@graph"];
  const entities = new Map<unknown, Record<string, unknown>>(
    graph.map(({ "@id": id }) => [id, { "@id": id }]),
  );
  for (const { "@id": id, "@type": type, ...properties } of graph) {
    const entity = entities.get(id)!;
    entity["@type"] = type;
    for (const [name, value] of Object.entries(properties)) {
      entity[name] = [value].flat().map((item) =>
        typeof item === "object" ? entities.get((item as { "@id": string })["@id"]) : item
      );
    }
  }
  return entities.get("./");
}

const ids = (entities: { "@id": string }[]) => entities.map((entity) => entity["@id"]);

Deno.test("a crate read back is a workflow run: its files, the run of the spec, and the run of each stage", () => {
  const root = read(runCrate(SOURCE));
  assert.deepEqual(ids(root.conformsTo), [
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
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
  assert.deepEqual(ids(stages), ["#run-download", "#run-train", "#run-render", "#run-report"]);
  const [download, train, render, report] = stages;
  assert.deepEqual(train.identifier, ["train-key"]);
  assert.deepEqual(train.endTime, ["2026-01-01T00:00:01.500Z"]);
  assert.deepEqual(train.instrument[0].softwareVersion, ["train-code"]);
  assert.deepEqual(ids(train.instrument[0].softwareRequirements), [
    "#deno-2.9.6",
    "pkg:npm/d3@7.9.2",
    "pkg:npm/%40tensorflow/tfjs@4.22.0",
    "pkg:npm/%40tensorflow/tfjs@4.23.0",
  ]);
  // From the data to a figure, one stage after the other.
  assert.deepEqual(download.object[0].license[0].name, ["CC BY-SA 3.0"]);
  assert.deepEqual(ids(download.result), ids(train.object));
  assert.deepEqual(ids(train.result), ["#train/weights.safetensors", "tables/metrics.csv"]);
  assert.deepEqual(ids(render.object), ["tables/metrics.csv"]);
  assert.deepEqual(render.result[0].sha256, [DIGEST]);
  assert.deepEqual(render.result[0].encodingFormat, ["image/svg+xml"]);
  assert.deepEqual(ids(report.result), ["index.html"]);
});

Deno.test("each package has its licence, the page names those that it holds, and one for another system is none", () => {
  const root = read(runCrate(SOURCE));
  const [, , train, , report] = root.mentions;
  assert.deepEqual(
    train.instrument[0].softwareRequirements.slice(1).map(({ license }: { license: unknown }) => license),
    [
      [{ "@id": "https://spdx.org/licenses/ISC", "@type": "CreativeWork", name: ["ISC"] }],
      ...Array(2).fill([{
        "@id": "#licence-Apache-2.0%20AND%20MIT",
        "@type": "CreativeWork",
        name: ["Apache-2.0 AND MIT"],
      }]),
    ],
  );
  assert.deepEqual(ids(report.instrument[0].softwareRequirements), ["pkg:npm/tone@15.5.44"]);
  assert.deepEqual(ids(root.hasPart[0].isBasedOn), ["pkg:npm/tone@15.5.44"]);
  assert.match(root.license[0].description[0], /No licence was chosen .* MNIST, .* CC BY-SA 3\.0\./);
});

Deno.test("what is not known is left out, and nothing refers to what is not there", () => {
  for (const source of [SOURCE, SPARSE]) {
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
        assert(known.has(id), `${id}`);
      }
    };
    for (const entity of graph) Object.values(entity).forEach(check);
  }
  const text = runCrate(SPARSE);
  for (const word of ["author", "url", "Some processor", "deno", "agent"]) {
    assert(!text.includes(`"${word}"`), word);
  }
});

Deno.test("whatever titles, names and files hold, the crate reads back as they were, and the same each time", () => {
  const words = anyText({ minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, words, words, (title, author, path) => {
      const source: CrateSource = {
        ...SOURCE,
        title,
        dataset: { ...SOURCE.dataset, authors: [author] },
        files: [...SOURCE.files.slice(0, 2), { path: `figures/${path}`, input: "render/figures/a b.svg" }],
      };
      const text = runCrate(source);
      const root = read(text);
      assert.deepEqual(root.name, [title]);
      assert.deepEqual(root.mentions[1].object[0].author[0].name, [author]);
      const [, , figure] = root.hasPart;
      assert.deepEqual(figure.name, [`figures/${path}`]);
      assert.match(figure["@id"], /^[\w./!~*'()%-]+$/);
      assert.equal(decodeURIComponent(figure["@id"]), `figures/${path}`);
      assert.equal(runCrate(source), text);
    }),
    { numRuns: 500 },
  );
});

Deno.test({
  name: "roc-validator (pip install roc-validator) finds all that is required, whatever the files are called",
  ignore: !HAS_VALIDATOR,
  fn: async () => {
    const strange = "figures/a: b#c?d%20é&\"'[1]+.svg";
    for (const source of [SOURCE, SPARSE]) {
      const files = [...source.files.slice(0, 3), { path: strange, input: "render/figures/a b.svg" }];
      const folder = await Deno.makeTempDir({ prefix: "reparam-test-" });
      try {
        for (const { path } of files) {
          await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
          await Deno.writeTextFile(join(folder, path), "");
        }
        await Deno.writeTextFile(join(folder, "ro-crate-metadata.json"), runCrate({ ...source, files }));
        assert.equal(validate(folder), "");
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }
  },
});
