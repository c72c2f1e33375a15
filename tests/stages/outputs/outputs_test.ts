import assert from "node:assert/strict";
import { join } from "node:path";
import { randomStream } from "../../../pipeline/base/random.ts";
import { loadExperiment } from "../../../pipeline/spec/load.ts";
import { DECLARATIONS } from "../../../pipeline/stages/declarations.ts";
import { type Expectation, misfit, misread } from "../../../pipeline/store/expectation.ts";
import { type ActionRecord, parseRecord } from "../../../pipeline/store/record.ts";
import { seal } from "../../../pipeline/store/sealed.ts";
import { ROOT } from "../../graph/toy_project.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { sliceOf } from "../../support/slice.ts";

/** `deno task torture` asks for ten times as many. */
const MUTATIONS = Number(Deno.env.get("MUTATIONS") ?? 1000);

const SPEC = {
  name: "tiny",
  dataset: { name: "mnist", split: { train: { count: 100 }, test: { count: 20 } } },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [8] }, decoder: { units: [8] } },
  training: { epochs: 1, batchSize: 50 },
  evaluation: { importanceSamples: 5, importanceExamples: 2, probe: false },
  figures: { show: ["learning-curves", "reconstructions"], scatterPoints: 20, reconstructions: 2 },
};

interface Made {
  readonly record: ActionRecord;
  readonly expected: Expectation;
}

/** Runs the spec, and gives each stage's record with what is expected of it. */
async function makeAll(folder: string): Promise<Made[]> {
  const path = join(folder, "tiny.json");
  await Deno.writeTextFile(path, JSON.stringify(SPEC));
  const places = ["--artifacts", join(folder, "artifacts"), "--reports", join(folder, "reports")];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", join(ROOT, "pipeline/main.ts"), "run", path, ...places],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const { spec } = await loadExperiment(path, []);
  const records = Array.from(Deno.readDirSync(join(folder, "artifacts/ac")), ({ name }) => {
    const text = Deno.readTextFileSync(join(folder, "artifacts/ac", name));
    const parsed = parseRecord(text, name.replace(".json", ""));
    assert("record" in parsed);
    return parsed.record;
  });
  const settings = { engine: "native", reportFolder: join(folder, "reports/x") };
  return await Promise.all(DECLARATIONS.map(async (declaration) => {
    const slice = await sliceOf(declaration, spec, settings);
    return {
      record: records.find(({ stage }) => stage === declaration.name)!,
      expected: { stage: declaration.name, ...declaration.outputs!(spec, settings, slice) },
    };
  }));
}

Deno.test(`records of a real run fit what their stages declare, and of ${MUTATIONS} lies none does`, async () => {
  await using folder = await temporaryFolder();
  const made = await makeAll(folder.path);
  const read = (digest: string) => Deno.readFile(join(folder.path, "artifacts/cas", digest));
  const problem = async (record: ActionRecord, expected: Expectation) =>
    misfit(record, expected) ?? await misread(record, expected, read);
  for (const { record, expected } of made) assert.equal(await problem(record, expected), undefined);

  const one = (stage: string) => made.find(({ record }) => record.stage === stage)!;
  const told = async (stage: string, change: (outputs: Record<string, Output>) => void) => {
    const { record, expected } = one(stage);
    const outputs = { ...record.outputs };
    change(outputs);
    return await problem({ ...record, outputs }, expected);
  };
  type Output = ActionRecord["outputs"][string];
  const exchange = (a: string, b: string) => (outputs: Record<string, Output>) =>
    [outputs[a], outputs[b]] = [outputs[b]!, outputs[a]!];
  assert.match(
    (await told("train", exchange("encoder.onnx", "decoder.onnx")))!,
    /no decoder.onnx: it has no input z/,
  );
  assert.match(
    (await told("evaluate", exchange("metrics.json", "importance.csv")))!,
    /no metrics.json|no importance.csv/,
  );
  assert.match(
    (await told("preprocess", exchange("train.npy", "test.npy")))!,
    /do not belong together: train.npy/,
  );
  assert.match((await told("train", (outputs) => delete outputs["model.json"]))!, /has no model.json/);
  assert.match(
    (await told("render", (outputs) => outputs["figures/../x.svg"] = outputs["figures.json"]!))!,
    /which the stage does not write/,
  );

  const random = randomStream(1, "lies");
  const pick = <T>(list: readonly T[]) => list[random.integer(list.length)]!;
  const digests = made.flatMap(({ record }) => Object.values(record.outputs));
  for (let i = 0; i < MUTATIONS; i++) {
    const { record, expected } = pick(made);
    const outputs: Record<string, Output> = { ...record.outputs };
    const name = pick(Object.keys(outputs));
    const what = random.integer(6);
    if (what === 0) delete outputs[name];
    else if (what === 1) outputs[`${"x".repeat(1 + random.integer(300))}.json`] = pick(digests);
    else if (what === 2) {
      outputs[name] = { ...outputs[name]!, size: 1 + outputs[name]!.size * 10 ** random.integer(9) };
    } else if (what === 3) outputs[name] = { ...outputs[name]!, digest: pick(digests).digest };
    else if (what === 4) {
      for (const other of Object.keys(outputs)) if (random.uniform() < 0.5) delete outputs[other];
    }
    if (what === 4 && Object.keys(outputs).length === Object.keys(record.outputs).length) continue;
    const lie = { ...record, outputs, ...(what === 5 ? { seconds: 1e8 + i } : {}) };
    // Figures may be left out, and one table or picture may stand for another of its kind and size: no reader can tell.
    const kind = (path: string) => path.slice(path.lastIndexOf("."));
    const gone = Object.keys(record.outputs).filter((path) => !Object.hasOwn(outputs, path));
    if (what !== 5 && gone.length > 0 && gone.every((path) => path.startsWith("figures/"))) continue;
    const [now, old] = [outputs[name], record.outputs[name]!];
    const same = made.flatMap(({ record }) => Object.entries(record.outputs))
      .some(([path, { digest }]) => digest === now?.digest && kind(path) === kind(name));
    if (what === 3 && (now!.digest === old.digest || same)) continue;
    const parsed = parseRecord(seal(lie), record.key);
    const found = "problem" in parsed ? parsed.problem : await problem(parsed.record, expected);
    assert.notEqual(found, undefined, `${record.stage} ${name}, lie ${what}`);
  }
});
