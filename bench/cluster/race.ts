import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Runner } from "../../pipeline/graph/runner.ts";
import { Controller } from "../../pipeline/graph/executors/slurm/controller.ts";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import { Store } from "../../pipeline/store/store.ts";
import { NO_SLURM, slurmExecutor, startSlurm, TEST_CLUSTER } from "../../tests/support/slurm.ts";

/** Stages of a cell, each behind the one before, with the seconds that each waits. */
const CHAIN = [["train", 4], ["evaluate", 2], ["render", 1]] as const;
const NODES = 2;
const CORES = 2;
const SYSTEM_CONF = "/etc/slurm/slurm.conf";
const SNAKEMAKE = ["snakemake==9.27.1", "snakemake-executor-plugin-slurm==2.8.0"];

interface Cell {
  readonly name: string;
  readonly number: number;
}

/** Runs the same graph of jobs that only wait on a real cluster of two nodes, by each system in turn. */
export async function race(cells: number, rounds: number): Promise<void> {
  if (NO_SLURM !== undefined) throw new Error(`There can be no cluster here: ${NO_SLURM}`);
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  const snakemake = await install(`${root}/artifacts/cluster-venv`);
  const folder = await Deno.makeTempDir({ prefix: "bench-cluster-" });
  await using cluster = await startSlurm(`${folder}/slurm`, { nodes: NODES, cores: CORES });
  using _file = systemWide(cluster.env.SLURM_CONF!);
  const perCell = CHAIN.reduce((sum, [, seconds]) => sum + seconds, 0);
  const ideal = Math.max(perCell, cells * perCell / (NODES * CORES));
  console.log(
    `${cells} cells of ${CHAIN.length} stages, ${cells * perCell} s of work for ${NODES * CORES} cores\n`,
  );
  console.log("| | seconds | against the ideal |\n| --- | ---: | ---: |");
  console.log(`| ideal | ${ideal.toFixed(0)} | 1.00 x |`);
  const contestants: Record<string, (place: string) => Promise<unknown>> = {
    Reparam: (place) => reparam(root, place, cluster.env, cells),
    "Snakemake, looks from the 2nd second on": (place) =>
      snakemakeRun(snakemake, place, cluster.env, cells, ["--slurm-init-seconds-before-status-checks=2"]),
    "Snakemake, the same with arrays": (place) =>
      snakemakeRun(snakemake, place, cluster.env, cells, [
        "--slurm-init-seconds-before-status-checks=2",
        "--slurm-array-jobs=all",
      ]),
    "Snakemake, as it is": (place) => snakemakeRun(snakemake, place, cluster.env, cells, []),
  };
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const place = await Deno.makeTempDir({ dir: folder });
      const clock = performance.now();
      await run(place);
      const seconds = (performance.now() - clock) / 1000;
      console.log(`| ${name} | ${seconds.toFixed(1)} | ${(seconds / ideal).toFixed(2)} x |`);
    }
  }
}

/** Snakemake's jobs drop all variables of Slurm, and look for its configuration where a system has it. */
function systemWide(conf: string): Disposable {
  Deno.mkdirSync(dirname(SYSTEM_CONF), { recursive: true });
  Deno.writeTextFileSync(SYSTEM_CONF, Deno.readTextFileSync(conf), { createNew: true });
  return { [Symbol.dispose]: () => Deno.removeSync(SYSTEM_CONF) };
}

async function reparam(
  root: string,
  place: string,
  env: Readonly<Record<string, string>>,
  cells: number,
): Promise<void> {
  using store = await Store.open(`${place}/store`);
  const module = new URL("../../tests/graph/toy_stages/linger.ts", import.meta.url);
  const declarations = CHAIN.map(([name, seconds], i): StageDeclaration<Cell> => ({
    name,
    module,
    // Each cell's own, and after the first stage the same bytes: the number keeps them apart.
    slice: ({ number }) => ({ seconds, number }),
    inputs: () => i === 0 ? [] : [{ stage: CHAIN[i - 1]![0], path: "" }],
    permissions: () => ({}),
  }));
  const controller = new Controller(env);
  const executor = slurmExecutor(store, controller, {
    cluster: { ...TEST_CLUSTER, request: { memory: "500M" } },
  });
  const runner = new Runner<Cell>({ store, root, declarations, executor });
  await Promise.all(
    Array.from({ length: cells }, (_, number) => {
      const spec = { name: `cell-${number}`, number };
      return runner.run({ name: spec.name, spec, settings: null });
    }),
  );
  await runner.finish();
  console.error(`Reparam asked Slurm: ${JSON.stringify(controller.calls)}`);
}

async function snakemakeRun(
  program: string,
  place: string,
  env: Readonly<Record<string, string>>,
  cells: number,
  options: readonly string[],
): Promise<void> {
  const rules = CHAIN.map(([name, seconds], i) =>
    `rule ${name}:\n` +
    (i === 0 ? "" : `    input: "${CHAIN[i - 1]![0]}/{cell}.txt"\n`) +
    `    output: "${name}/{cell}.txt"\n    resources: mem_mb=500, runtime=10\n` +
    `    shell: "sleep ${seconds}; echo done > {output}"\n`
  );
  const last = CHAIN.at(-1)![0];
  await Deno.writeTextFile(
    `${place}/Snakefile`,
    `rule all:\n    input: expand("${last}/{cell}.txt", cell=range(${cells}))\n` + rules.join(""),
  );
  await command(
    program,
    [
      "--executor=slurm",
      "--jobs=1000",
      "--latency-wait=5",
      "--slurm-status-command=squeue",
      "--default-resources",
      "slurm_partition=main",
      "slurm_account=none",
      ...options,
    ],
    place,
    env,
  );
}

async function install(venv: string): Promise<string> {
  const program = `${venv}/bin/snakemake`;
  try {
    await Deno.stat(program);
  } catch {
    await command("python3", ["-m", "venv", venv]);
    await command(`${venv}/bin/pip`, ["install", "--quiet", "--disable-pip-version-check", ...SNAKEMAKE]);
  }
  return program;
}

async function command(
  program: string,
  args: readonly string[],
  cwd?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${program} failed:\n${new TextDecoder().decode(stderr).slice(-3000)}`);
}
