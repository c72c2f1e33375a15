import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { DOMParser } from "linkedom";
import { CodeHasher } from "../../pipeline/graph/code.ts";
import type { Provenance } from "../../pipeline/graph/stage.ts";
import { type Experiment, type ExperimentInput, experimentSchema } from "../../pipeline/spec/experiment.ts";
import { descriptionOf } from "../../pipeline/artifacts/artifacts.ts";
import { METRICS_JSON } from "../../pipeline/artifacts/metrics_json.ts";
import { type ReportPassthrough, run } from "../../pipeline/stages/report.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import { Store } from "../../pipeline/store/store.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { stageContext } from "./context.ts";
import { prepare, runStage, smallExperiment, withFolder } from "./small_mnist.ts";
import { sliceOf } from "../support/slice.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const STAGES = ["download", "preprocess", "train", "evaluate", "render"];
const RELEASE = { version: "1.2.3", commit: "c0ffee5eed".repeat(4) };

/** Runs all stages before the report. */
async function runToReport(folder: string): Promise<{ experiment: Experiment; inputs: string[] }> {
  const experiment = smallExperiment({ training: { epochs: 1, batchSize: 50 }, title: "Small & <quick>" });
  await prepare(folder, experiment);
  for (const stage of ["train", "evaluate", "render"]) await runStage(folder, stage, experiment);
  const inputs = (await Promise.all(STAGES.map((stage) => list(folder, `${stage}/`)))).flat();
  return { experiment, inputs };
}

Deno.test("the bundle holds the page and all that it links to, and nothing else", () =>
  withFolder(async (folder) => {
    const { experiment, inputs } = await runToReport(folder);
    const here = { provenance: provenance("Some processor", "2026-11-23T06:42:38.123Z"), release: RELEASE };
    await report(folder, "report", experiment, inputs, here);
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

    const metrics = METRICS_JSON.decode(await Deno.readFile(join(folder, "report/metrics.json")));
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
    assert.match(document.querySelector("#python")!.textContent, /Matrices are \[in, out\]/);
    assert.match(
      document.querySelector("#reproduce")!.textContent,
      /Reparam 1\.2\.3, commit c0ffee5eed.*howpublished = \{Reparam 1\.2\.3.*commit c0ffee5eedc0\}/s,
    );

    for (const input of inputs) assert.doesNotThrow(() => descriptionOf(input), "artifacts.ts knows it");

    // The spec in the bundle is complete: read again, it means the same experiment.
    const spec: ExperimentInput = JSON.parse(await read(folder, "report/spec.json"));
    assert.deepEqual(experimentSchema.parse(spec), experiment);

    await report(folder, "again", experiment, inputs, {
      provenance: provenance("Another processor", "2027-01-01T00:00:00.000Z"),
      release: { version: "1.2.4", commit: null },
    });
    assert.deepEqual(await list(join(folder, "again")), bundle);
    const differing: string[] = [];
    for (const file of bundle) {
      const [a, b] = [await read(folder, `report/${file}`), await read(folder, `again/${file}`)];
      if (a !== b) differing.push(file);
    }
    assert.deepEqual(
      differing,
      ["index.html", "ro-crate-metadata.json"],
      "times, machine and release reach these two alone",
    );
  }));

const PYTHON = ["-c", "import numpy, onnxruntime, safetensors"];

Deno.test({
  name: "the page's script opens the networks, the arrays and the weights in Python",
  ignore: !succeeds("python3", PYTHON),
  fn: () =>
    withFolder(async (folder) => {
      const { experiment, inputs } = await runToReport(folder);
      await report(folder, "report", experiment, inputs, {
        provenance: provenance("Some processor", "2026-11-23T06:42:38.123Z"),
        release: RELEASE,
      });
      const document = new DOMParser().parseFromString(await read(folder, "report/index.html"), "text/html");
      const script = document.querySelector("#python code")!.textContent;
      const checks = [
        "assert examples.shape == (8, 28, 28) and 0 <= examples.min() and examples.max() <= 1",
        "assert z_mean.shape == z_log_variance.shape == (8, 3)",
        // An example drawn from its code is encoded near that code.
        "assert np.abs(z_mean - z).mean() < np.abs(z_mean[::-1] - z).mean()",
        'assert weights["encoder/dense1/kernel"].shape == (784, 48)',
        'hidden = np.tanh(z @ weights["decoder/dense1/kernel"] + weights["decoder/dense1/bias"])',
        'logits = hidden @ weights["decoder/output/kernel"] + weights["decoder/output/bias"]',
        "assert np.abs(1 / (1 + np.exp(-logits)) - mean).max() < 1e-5",
      ];
      const { success, stderr } = await new Deno.Command("python3", {
        args: ["-c", [script, ...checks].join("\n")],
        cwd: join(folder, "report"),
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
    }),
});

Deno.test("a report holds the code of its own kind of data, and of no other", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const hasher = new CodeHasher(ROOT, store);
  const modulesOf = async (dataset: string) => {
    const spec = experimentSchema.parse({
      name: "any",
      dataset: { name: dataset },
      model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
    });
    const { module, modules } = DECLARATIONS.at(-1)!;
    const { manifest } = await hasher.code(module, modules!(spec, { engine: "native" }));
    return manifest;
  };
  const music = /music|player/;
  const [images, pieces] = [await modulesOf("mnist"), await modulesOf("piano-genres")];
  assert.deepEqual(Object.keys(images.modules).filter((path) => music.test(path)), []);
  assert.ok(!("tone" in images.packages));
  assert.ok(Object.keys(images.modules).some((path) => path.endsWith("kinds/images/report.ts")));
  assert.ok(Object.keys(pieces.modules).some((path) => path.endsWith("kinds/music/report.ts")));
  assert.ok(Object.keys(pieces.modules).some((path) => path.endsWith("player/player.js")));
  assert.ok(!Object.keys(pieces.modules).some((path) => path.includes("kinds/images/")));
});

function succeeds(program: string, args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

async function report(
  folder: string,
  output: string,
  experiment: Experiment,
  inputs: readonly string[],
  passthrough: ReportPassthrough,
): Promise<void> {
  const declaration = DECLARATIONS.find(({ name }) => name === "report")!;
  const settings = { engine: "portable", reportFolder: "/reports/small" };
  const given = await sliceOf(declaration, experiment, settings) as unknown as Parameters<
    typeof run
  >[0]["slice"];
  const { context } = await stageContext(folder, output, given, { passthrough, inputs });
  await run({
    ...context,
    load: async (role) => await import(declaration.modules!(experiment, settings)[role]!.href),
  });
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
