import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { measure, median } from "./pipeline/timing.ts";

/**
 * A whole experiment beside what people would write instead: `experiments/mnist-conv.json`, from typing to numbers, and
 * the same network, epochs and evaluation as a PyTorch and a Keras script. Reparam also draws its figures, exports
 * the networks and writes its report in that time.
 *
 *     deno run -A bench/whole.ts [--epochs 11] [--rounds 1] [--python PYTHON]
 *
 * Contestants run in turn. A peer that is not installed is reported as absent. Packages and data are fetched before.
 */
const { values } = parseArgs({
  options: {
    epochs: { type: "string" },
    rounds: { type: "string", default: "1" },
    python: { type: "string", default: "artifacts/bench-peers/bin/python" },
  },
});
const spec = "experiments/mnist-conv.json";
const epochs = Number(values.epochs ?? JSON.parse(await Deno.readTextFile(spec)).training.epochs);

/** What a contestant says of its run: losses in nats. */
interface Told {
  readonly loss: number;
  readonly bound: number | null;
  readonly versions: string;
}

interface Run extends Told {
  readonly seconds: number;
}

const place = await Deno.makeTempDir();
const data = `${place}/mnist`;

/** Runs the experiment into a folder of its own; one that is cached there already is a rerun. */
async function reparam(store: string, trained = epochs): Promise<Run> {
  const { seconds } = await measure(Deno.execPath(), [
    "task",
    "run",
    spec,
    `--set=training.epochs=${trained}`,
    `--artifacts=${store}`,
    `--reports=${store}/reports`,
  ]);
  const read = async (path: string) =>
    JSON.parse(await Deno.readTextFile(`${store}/reports/mnist-conv/${path}`));
  const { test, importance } = await read("metrics.json");
  return {
    seconds,
    loss: test.loss,
    bound: -importance.logLikelihood,
    versions: `Deno ${Deno.version.deno}`,
  };
}

async function peer(script: string): Promise<Run> {
  const { seconds, stdout } = await measure(values.python, [`bench/peers/${script}`, data, String(epochs)]);
  const told = stdout.split("\n").find((line) => line.startsWith("{"));
  return { seconds, ...JSON.parse(told!) as Told };
}

/** MNIST's files as the peers read them: those that the download stage has put into a store. */
async function unpackData(store: string): Promise<void> {
  await Deno.mkdir(data);
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

const isInstalled = async (module: string) =>
  await new Deno.Command(values.python, { args: ["-c", `import ${module}`], stderr: "null" }).output()
    .then(({ success }) => success, () => false);

try {
  const first = `${place}/fetched`;
  await reparam(first, 1);
  await unpackData(first);

  const peers = { "PyTorch": ["torch", "whole_torch.py"], "Keras": ["keras", "whole_keras.py"] } as const;
  const contestants = new Map<string, (round: number) => Promise<Run>>([
    ["Reparam", (round) => reparam(`${place}/store-${round}`)],
    ["Reparam, nothing changed", (round) => reparam(`${place}/store-${round}`)],
  ]);
  for (const [name, [module, script]] of Object.entries(peers)) {
    if (await isInstalled(module)) contestants.set(name, () => peer(script));
    else console.log(`${name} is not installed for ${values.python}`);
  }
  const runs = new Map<string, Run[]>([...contestants.keys()].map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, run] of contestants) runs.get(name)!.push(await run(round));
  }
  const own = median(runs.get("Reparam")!.map(({ seconds }) => seconds));
  console.log(`${epochs} epochs; medians of ${values.rounds}; nats per test image\n`);
  console.log("| | seconds | / Reparam | -ELBO | -log p(x) <= | |\n|---|---:|---:|---:|---:|---|");
  for (const [name, all] of runs) {
    const seconds = median(all.map((run) => run.seconds)), { loss, bound, versions } = all[0]!;
    console.log(
      `| ${name} | ${seconds.toFixed(1)} | ${(seconds / own).toFixed(2)} | ${loss.toFixed(2)} | ${
        bound?.toFixed(2) ?? ""
      } | ${versions} |`,
    );
  }
} finally {
  await Deno.remove(place, { recursive: true });
}
