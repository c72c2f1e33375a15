import assert from "node:assert/strict";
import { join } from "node:path";
import { DOMParser } from "linkedom";
import type { Provenance } from "../../pipeline/graph/stage.ts";
import { type ExperimentInput, experimentSchema } from "../../pipeline/spec/schema.ts";
import type { EvaluationMetrics } from "../../pipeline/artifacts/metrics_json.ts";
import { run } from "../../pipeline/stages/report.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import { stageContext } from "./context.ts";
import { prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";

const STAGES = ["download", "preprocess", "train", "evaluate", "render"];

Deno.test("the bundle holds the page and all that it links to, and nothing else", () =>
  withFolder(async (folder) => {
    const experiment = smallExperiment({ training: { epochs: 1, batchSize: 50 }, title: "Small & <quick>" });
    await prepare(folder, experiment);
    for (const stage of ["train", "evaluate", "render"]) await runStage(folder, stage, experiment);
    const inputs = (await Promise.all(STAGES.map((stage) => list(folder, `${stage}/`)))).flat();

    await report(
      folder,
      "report",
      experiment,
      inputs,
      provenance("Some processor", "2026-11-23T06:42:38.123Z"),
    );
    const bundle = await list(join(folder, "report"));
    const page = await read(folder, "report/index.html");
    const document = new DOMParser().parseFromString(page, "text/html");

    const linked = [...document.querySelectorAll("a")].map((link) => link.getAttribute("href")!)
      .filter((link) => !/^(#|https?:)/.test(link));
    assert.deepEqual([...new Set([...linked, "index.html"])].sort(), bundle);
    const crate: { "@graph": Record<string, unknown>[] } = JSON.parse(
      await read(folder, "report/ro-crate-metadata.json"),
    );
    const described = crate["@graph"].filter(({ "@type": type }) => [type].flat().includes("File"));
    assert.deepEqual(
      ["ro-crate-metadata.json", ...described.map(({ "@id": id }) => decodeURIComponent(`${id}`))].sort(),
      bundle,
    );
    assert.deepEqual(
      crate["@graph"].flatMap(({ "@id": id, license }) => `${id}`.startsWith("pkg:") ? [[id, license]] : []),
      [
        ["pkg:npm/d3@7.9.2", { "@id": "https://spdx.org/licenses/ISC" }],
        ["pkg:npm/esbuild@0.25.5", { "@id": "https://spdx.org/licenses/MIT" }],
      ],
    );
    assert.equal(document.querySelector("h1")!.textContent, "Small & <quick>");

    const metrics: EvaluationMetrics = JSON.parse(await read(folder, "report/metrics.json"));
    const verdict = document.querySelector(".verdict")!.textContent;
    for (const value of [metrics.test.loss, metrics.test.kl, -metrics.importance.logLikelihood]) {
      assert.ok(verdict.includes(value.toFixed(2)), `${value} in ${verdict}`);
    }
    const numbers = document.querySelector("#numbers")!.textContent;
    assert.match(numbers, /Bernoulli/);
    assert.match(numbers, /raw values/);
    assert.match(document.querySelector("#stages")!.textContent, /0123456789ab.*2026-11-23 06:42 UTC/s);
    assert.match(document.querySelector("#run")!.textContent, /Some processor/);
    assert.match(document.querySelector("#data")!.textContent, /ba891046e6505d7a/);

    // The spec in the bundle is complete: read again, it means the same experiment.
    const spec: ExperimentInput = JSON.parse(await read(folder, "report/spec.json"));
    assert.deepEqual(experimentSchema.parse(spec), experiment);

    await report(
      folder,
      "again",
      experiment,
      inputs,
      provenance("Another processor", "2027-01-01T00:00:00.000Z"),
    );
    assert.deepEqual(await list(join(folder, "again")), bundle);
    const differing: string[] = [];
    for (const file of bundle) {
      const [a, b] = [await read(folder, `report/${file}`), await read(folder, `again/${file}`)];
      if (a !== b) differing.push(file);
    }
    assert.deepEqual(
      differing,
      ["index.html", "ro-crate-metadata.json"],
      "times and machine reach these two alone",
    );
  }));

async function report(
  folder: string,
  output: string,
  experiment: ReturnType<typeof smallExperiment>,
  inputs: readonly string[],
  provenance: Provenance,
): Promise<void> {
  const declaration = DECLARATIONS.find(({ name }) => name === "report")!;
  const slice = declaration.slice(experiment, { engine: "portable" }) as unknown as Parameters<
    typeof run
  >[0]["slice"];
  const { context } = await stageContext(folder, output, slice, { passthrough: { provenance }, inputs });
  await run(context);
}

function provenance(processor: string, started: string): Provenance {
  return {
    stages: STAGES.map((stage) => ({
      record: {
        key: "0123456789abcdef".repeat(4),
        stage,
        outputs: { file: { digest: "00", size: 1234 } },
        started,
        seconds: 1.5,
        machine: {
          deno: "2.9.6",
          processor,
          cores: 2,
          memoryBytes: 8e9,
          os: "linux",
          architecture: "x86_64",
        },
        recorded: stage === "train" ? { engine: "portable, tfjs", training: { seconds: 1, steps: 8 } } : {},
        notices: [],
      },
      manifest: { stage, slice: null, inputs: {}, code: "fedcba9876543210".repeat(4) },
      code: { entry: "", variants: {}, modules: {}, packages: { d3: "7.9.2" } },
    })),
    code: { entry: "", variants: {}, modules: {}, packages: { d3: "7.9.2", esbuild: "0.25.5" } },
  };
}

/** All files below a folder, sorted; names start with `prefix`. */
async function list(folder: string, prefix = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, prefix))) {
    names.push(...(isDirectory ? await list(folder, `${prefix}${name}/`) : [prefix + name]));
  }
  return names.sort();
}

function read(folder: string, file: string): Promise<string> {
  return Deno.readTextFile(join(folder, file));
}
