import { fileURLToPath } from "node:url";
import type { Job } from "../../pipeline/graph/executors/executor.ts";
import { Runner } from "../../pipeline/graph/runner.ts";
import { loadSweep } from "../../pipeline/spec/sweep.ts";
import { DECLARATIONS } from "../../pipeline/stages/declarations.ts";
import { type ActionRecord, parseRecord } from "../../pipeline/store/record.ts";
import { Store } from "../../pipeline/store/store.ts";
import { FakeSlurm } from "../../tests/support/fake_slurm.ts";
import { slurmExecutor, TEST_CLUSTER } from "../../tests/support/slurm.ts";
import { writeSweep } from "../pipeline/cached_sweep.ts";
import { measure } from "../pipeline/timing.ts";

/**
 * What 1,000 cells cost the runner and the controller, where nodes take no time: every job leaves files of the names
 * that `experiments/quick.json` wrote, each with contents of its own, so that no two cells share what comes after.
 */
export async function scale(): Promise<void> {
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  const folder = await Deno.makeTempDir({ prefix: "bench-cluster-" });
  const args = ["run", "-A", "pipeline/main.ts", "run", "experiments/quick.json"];
  await measure(Deno.execPath(), [...args, `--artifacts=${folder}/store`, `--reports=${folder}/reports`], {
    cwd: root,
  });
  writeSweep(root, `${folder}/thousand.json`);
  const { cells } = await loadSweep(`${folder}/thousand.json`, []);

  using store = await Store.open(`${folder}/store`);
  const templates = templatesIn(store);
  const slurm = new FakeSlurm(store, (job) => outputsOf(job, templates));
  const executor = slurmExecutor(store, slurm, { cluster: { ...TEST_CLUSTER, array: { size: 1000 } } });
  const clock = performance.now();
  const seconds = () => ((performance.now() - clock) / 1000).toFixed(1);
  const submitted = new Map<string, string>();
  const runner = new Runner({
    store,
    root,
    declarations: DECLARATIONS,
    executor,
    onEvent: ({ type, stage }) => type === "finished" && submitted.set(stage, seconds()),
  });
  const timer = setInterval(() => {
    if (slurm.arrays.reduce((sum, tasks) => sum + tasks, 0) < cells.length - 1) return;
    clearInterval(timer);
    console.log(`planned, and the first stage that they do not share submitted: ${seconds()} s`);
  }, 20);
  const settings = { engine: "native", reportFolder: `${folder}/reports/x` };
  await Promise.all(cells.map(({ spec }) => runner.run({ name: spec.name, spec, settings })));
  console.log(`all ${cells.length} cells through all stages: ${seconds()} s`);
  console.log(`last of each stage: ${[...submitted].map((entry) => entry.join(" ")).join(", ")}`);
  console.log(`arrays of ${slurm.arrays.join(", ")} tasks; calls: ${JSON.stringify(slurm.calls)}`);
  await runner.finish();
  await Deno.remove(folder, { recursive: true });
}

function templatesIn(store: Store): Map<string, ActionRecord> {
  return new Map(
    Array.from(Deno.readDirSync(`${store.folder}/ac`), ({ name }) => {
      const key = name.replace(/\.json$/, "");
      const parsed = parseRecord(Deno.readTextFileSync(store.recordPath(key)), key);
      if (!("record" in parsed)) throw new Error(parsed.problem);
      return [parsed.record.stage, parsed.record];
    }),
  );
}

function outputsOf(
  { id, manifest }: Job,
  templates: ReadonlyMap<string, ActionRecord>,
): Record<string, string> {
  const names = Object.keys(templates.get(manifest.stage)!.outputs);
  return Object.fromEntries(names.map((name) => [name, `${name} of ${id}\n`]));
}
