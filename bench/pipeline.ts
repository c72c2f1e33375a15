import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generatedContestants } from "./pipeline/generated.ts";
import { oneSpec } from "./pipeline/one_spec.ts";
import { interleaved, measure } from "./pipeline/timing.ts";

/**
 * The runner beside DVC and Snakemake, in one go and in turn: a run of one spec that has nothing to do, a plan of
 * a generated DAG that has nothing to do, and the hashing of a large input.
 *
 *     deno task bench:pipeline [--rounds 5] [--only spec|dag|hash]
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string" } },
});
const rounds = Number(values.rounds);
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const venv = `${root}/artifacts/pipeline-venv`;
await measure(`${root}/bench/peers/pipelines.sh`, []);
// On the file system of the project, whose packages are linked.
await Deno.mkdir(`${root}/artifacts`, { recursive: true });
const folder = await Deno.makeTempDir({ dir: `${root}/artifacts`, prefix: "bench-" });
try {
  if (values.only === undefined || values.only === "spec") await benchSpec();
  if (values.only === undefined || values.only === "dag") await benchDag();
  if (values.only === undefined || values.only === "hash") await benchHash();
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function benchSpec(): Promise<void> {
  const times = await oneSpec(root, `${folder}/spec`, venv, rounds);
  const ours = times.get("Reparam")!;
  console.log("\n| a run of `experiments/quick.json` with nothing to do | median | against Reparam |");
  console.log("| --- | ---: | ---: |");
  for (const [name, seconds] of times) {
    console.log(`| ${name} | ${seconds.toFixed(2)} s | ${(seconds / ours).toFixed(1)} x |`);
  }
}

async function benchDag(): Promise<void> {
  const times = new Map<string, Map<number, number>>();
  for (const size of [100, 1000, 10_000]) {
    // To prepare 10,000 stages takes DVC longer than all the rest.
    const names = ["Reparam", "Snakemake", ...(size < 10_000 ? ["DVC"] : [])];
    const contestants = await generatedContestants(root, `${folder}/dag`, venv, size, names);
    for (
      const [name, seconds] of await interleaved(contestants, size < 10_000 ? rounds : Math.min(3, rounds))
    ) {
      times.set(name, (times.get(name) ?? new Map()).set(size, seconds));
    }
  }
  console.log("\n| a plan with nothing to do, stages | 100 | 1,000 | 10,000 | exponent, 100 to 10,000 |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const [name, bySize] of times) {
    const cell = (size: number) => bySize.has(size) ? `${bySize.get(size)!.toFixed(2)} s` : "-";
    const [small, large] = [bySize.get(100)!, bySize.get(10_000)];
    const exponent = large === undefined ? "-" : (Math.log(large / small) / Math.log(100)).toFixed(2);
    console.log(`| ${name} | ${cell(100)} | ${cell(1000)} | ${cell(10_000)} | ${exponent} |`);
  }
}

async function benchHash(): Promise<void> {
  const [file, memo] = [`${folder}/input`, `${folder}/memo`];
  {
    using handle = Deno.openSync(file, { create: true, write: true });
    const piece = new Uint8Array(1_000_000);
    for (let i = 0; i < 2000; i++) {
      crypto.getRandomValues(piece.subarray(0, 65536));
      for (let n = 0; n < piece.length;) n += handle.writeSync(piece.subarray(n));
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 2000)); // a digest of a file that is this new is not kept
  const said: string[] = [];
  const ours = async () => {
    const args = ["run", "-A", `${root}/bench/pipeline/hash_file.ts`, file, memo];
    const measured = await measure(Deno.execPath(), args, { cwd: root });
    said.push(measured.stdout);
    return measured;
  };
  const oursAnew = async () => {
    await Deno.remove(memo).catch(() => {}); // not there the first time
    return await ours();
  };
  const times = await interleaved(
    new Map([["sha256sum", () => measure("sha256sum", [file])], ["Reparam", oursAnew]]),
    rounds,
  );
  const first = JSON.parse(said.at(-1)!);
  const again = await ours();
  const second = JSON.parse(again.stdout);
  if (first.bytesRead !== 2e9 || second.bytesRead !== 0 || first.digest !== second.digest) {
    throw new Error(`The memo did not do its work: ${said.join()}`);
  }
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  console.log("\n| SHA-256 of a file of 2 GB | median | memory | read |");
  console.log("| --- | ---: | ---: | ---: |");
  console.log(`| sha256sum | ${times.get("sha256sum")!.toFixed(2)} s | | 2 GB |`);
  console.log(`| Reparam | ${times.get("Reparam")!.toFixed(2)} s | ${mb(first.peakBytes)} | 2 GB |`);
  console.log(
    `| Reparam, the second time | ${again.seconds.toFixed(2)} s | ${mb(second.peakBytes)} | 0 bytes |`,
  );
}
