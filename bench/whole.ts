import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { expectNoOp, measure, type Measured } from "./pipeline/timing.ts";

/**
 * A whole experiment beside what people would write instead: `experiments/mnist-conv.json`, from typing to numbers, and
 * the same network, epochs and evaluation as a PyTorch and a Keras script. Reparam also draws its figures, exports
 * the networks and writes its report in that time. Then a changed option of a figure, nothing changed, and a changed
 * learning rate: in Reparam, and with the PyTorch script and a script that draws a figure as stages of DVC and of
 * Snakemake.
 *
 *     deno run -A bench/whole.ts [--epochs 11] [--only Reparam,DVC] [--python PYTHON]
 *
 * A peer that is not installed is reported as absent. Packages and data are fetched before.
 */
const { values } = parseArgs({
  options: {
    epochs: { type: "string" },
    only: { type: "string", default: "Reparam,PyTorch,Keras,DVC,Snakemake" },
    python: { type: "string", default: "artifacts/bench-peers/bin/python" },
    tools: { type: "string", default: "artifacts/pipeline-venv/bin" },
  },
});
const spec = "experiments/mnist-conv.json";
const epochs = Number(values.epochs ?? JSON.parse(await Deno.readTextFile(spec)).training.epochs);
const python = resolve(values.python);
/** How often what takes seconds is done again; the least counts, as for a user who is alone. */
const REPEATS = 5;

/** What a contestant says of its run: losses in nats. */
interface Told {
  readonly loss: number;
  readonly bound: number | null;
  readonly versions: string;
}

const place = await Deno.makeTempDir();
const data = resolve("artifacts/bench/whole-mnist");

function say(contestant: string, what: string, { seconds }: Measured, told?: Told): void {
  const nats = told ? `${told.loss.toFixed(2)} | ${told.bound?.toFixed(2) ?? ""} | ${told.versions}` : "| |";
  console.log(`| ${contestant} | ${what} | ${seconds.toFixed(2)} | ${nats} |`);
}

async function least(run: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = [];
  for (let i = 0; i < REPEATS; i++) all.push(await run());
  return all.reduce((a, b) => b.seconds < a.seconds ? b : a);
}

/** Runs the experiment into a store of its own. */
function reparam(store: string, ...changes: string[]): Promise<Measured> {
  return measure(Deno.execPath(), [
    "task",
    "run",
    spec,
    ...changes.map((change) => `--set=${change}`),
    `--artifacts=${store}`,
    `--reports=${store}/reports`,
  ]);
}

/** MNIST's files as the peers read them: those that the download stage has put into a store. */
async function unpackData(store: string): Promise<void> {
  await Deno.mkdir(data, { recursive: true });
  for await (const { name } of Deno.readDir(`${store}/ac`)) {
    const { value } = JSON.parse(await Deno.readTextFile(`${store}/ac/${name}`));
    for (const [file, { digest }] of Object.entries<{ digest: string }>(value.outputs)) {
      if (!/^(train|t10k)-images/.test(file)) continue;
      const bytes = await Deno.readFile(`${store}/cas/${digest}`);
      const idx = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
      await Deno.writeFile(`${data}/${file.replace(/\.gz$/, "")}`, idx);
    }
  }
}

async function raceReparam(): Promise<void> {
  const store = `${place}/store`, all = `training.epochs=${epochs}`;
  const whole = await reparam(store, all);
  const read = async (path: string) =>
    JSON.parse(await Deno.readTextFile(`${store}/reports/mnist-conv/${path}`));
  const { test, importance } = await read("metrics.json");
  const versions = `Deno ${Deno.version.deno}`;
  say("Reparam", "from nothing", whole, { loss: test.loss, bound: -importance.logLikelihood, versions });
  const nothing = expectNoOp(/nothing was executed/, () => reparam(store, all));
  say("Reparam", "nothing changed", await least(nothing));
  let samples = 64;
  const figure = () => reparam(store, all, `figures.samples=${++samples}`);
  say("Reparam", "an option of a figure", await least(figure));
  say("Reparam", "the learning rate", await reparam(store, all, "training.learningRate.rate=0.0021"));
}

async function raceScript(name: string, script: string): Promise<void> {
  const run = await measure(python, [`bench/peers/${script}`, data, String(epochs)]);
  const told = run.stdout.split("\n").find((line) => line.startsWith("{"));
  say(name, "from nothing", run, JSON.parse(told!));
}

/** The scripts as a project of two stages: their commands, what they read and what they write. */
async function layOut(tool: string): Promise<string> {
  const folder = `${place}/${tool}`;
  await Deno.mkdir(folder);
  for (const script of ["whole_torch.py", "whole_figure.py"]) {
    await Deno.copyFile(`bench/peers/${script}`, `${folder}/${script}`);
  }
  return folder;
}

interface Parameters {
  readonly epochs: number;
  readonly rate: number;
  readonly samples: number;
}

/** JSON is YAML. */
const writeParameters = (folder: string, parameters: Parameters) =>
  Deno.writeTextFile(`${folder}/params.yaml`, JSON.stringify(parameters));

async function raceDvc(): Promise<void> {
  const folder = await layOut("dvc"), dvc = `${resolve(values.tools)}/dvc`;
  const stages = {
    train: {
      cmd: `${python} whole_torch.py ${data} \${epochs} \${rate}`,
      deps: ["whole_torch.py", data],
      params: ["epochs", "rate"],
      outs: ["samples.npy"],
      metrics: ["metrics.json"],
    },
    figure: {
      cmd: `${python} whole_figure.py \${samples}`,
      deps: ["whole_figure.py", "samples.npy"],
      params: ["samples"],
      outs: ["samples.png"],
    },
  };
  await Deno.writeTextFile(`${folder}/dvc.yaml`, JSON.stringify({ stages }));
  const repro = () => measure(dvc, ["repro"], { cwd: folder });
  const parameters = { epochs: 1, rate: 0.002, samples: 64 };
  await writeParameters(folder, parameters);
  await measure(dvc, ["init", "--no-scm", "--quiet"], { cwd: folder });
  await repro();
  say("DVC", "nothing changed", await least(expectNoOp(/up to date/, repro)));
  let samples = 64;
  const figure = async () => {
    await writeParameters(folder, { ...parameters, samples: ++samples });
    return await repro();
  };
  say("DVC", "an option of a figure", await least(figure));
  await writeParameters(folder, { epochs, rate: 0.0021, samples });
  say("DVC", "the learning rate", await repro());
}

async function raceSnakemake(): Promise<void> {
  const folder = await layOut("snakemake"), snakemake = `${resolve(values.tools)}/snakemake`;
  await writeParameters(folder, { epochs: 1, rate: 0.002, samples: 64 });
  await Deno.writeTextFile(
    `${folder}/Snakefile`,
    `configfile: "params.yaml"
rule figure:
    input: "samples.npy"
    output: "samples.png"
    params: config["samples"]
    shell: "${python} whole_figure.py {params}"
rule train:
    input: "${data}/train-images-idx3-ubyte"
    output: "samples.npy", "metrics.json"
    params: config["epochs"], config["rate"]
    shell: "${python} whole_torch.py ${data} {params}"
`,
  );
  const run = () => measure(snakemake, ["--cores", "2"], { cwd: folder });
  await run();
  say("Snakemake", "nothing changed", await least(expectNoOp(/Nothing to be done/, run)));
  let samples = 64;
  const figure = async () => {
    await writeParameters(folder, { epochs: 1, rate: 0.002, samples: ++samples });
    return await run();
  };
  say("Snakemake", "an option of a figure", await least(figure));
}

const succeeds = async (program: string, ...args: string[]) =>
  await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
const imports = (statements: string) => () => succeeds(python, "-c", statements);
const starts = (tool: string) => () => succeeds(`${values.tools}/${tool}`, "--version");

const contestants: Record<string, readonly [isThere: () => Promise<boolean>, race: () => Promise<void>]> = {
  Reparam: [() => Promise.resolve(true), raceReparam],
  PyTorch: [imports("import torch"), () => raceScript("PyTorch", "whole_torch.py")],
  // Its default back end, TensorFlow, need not be there.
  Keras: [
    imports("import os; os.environ['KERAS_BACKEND'] = 'jax'; import keras"),
    () => raceScript("Keras", "whole_keras.py"),
  ],
  DVC: [starts("dvc"), raceDvc],
  Snakemake: [starts("snakemake"), raceSnakemake],
};

try {
  const isPrepared = await Deno.stat(`${data}/t10k-images-idx3-ubyte`).then(() => true, () => false);
  if (!isPrepared) {
    await reparam(`${place}/fetched`, "training.epochs=1");
    await unpackData(`${place}/fetched`);
  }
  console.log(`${epochs} epochs; nats per test image\n`);
  console.log("| | changed | seconds | -ELBO | -log p(x) <= | |\n|---|---|---:|---:|---:|---|");
  for (const name of values.only.split(",")) {
    const [isThere, race] = contestants[name]!;
    if (await isThere()) await race();
    else console.log(`| ${name} | is not installed |`);
  }
} finally {
  await Deno.remove(place, { recursive: true });
}
