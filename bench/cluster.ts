import { parseArgs } from "node:util";
import { IDEAL, POLICIES, SLURM_LATENCY } from "./cluster/policies.ts";
import { race } from "./cluster/race.ts";
import { scale } from "./cluster/scale.ts";
import { simulate, type SimulatedStage } from "./cluster/simulation.ts";
import { type StageSeconds, stageSeconds } from "./cluster/stage_seconds.ts";

/**
 * How long a sweep takes on a cluster. By simulation, for clusters of any size, with the ways of three systems:
 *
 *     deno task bench:cluster [--store artifacts] [--cells 1000] [--longer 1]
 *
 * `--store` is a store in which a sweep has run: its cells, with the seconds that their stages took, are repeated;
 * `--longer 20` makes each training that many times as long. On a real cluster of two nodes on this machine, the same
 * graph of jobs that wait, submitted by Reparam and by Snakemake in turn (needs root, Slurm and munge):
 *
 *     deno task bench:cluster --real [--cells 8] [--rounds 1]
 *
 * What 1,000 cells cost the runner, and how often it calls Slurm, with nodes that take no time:
 *
 *     deno task bench:cluster --scale
 */
const { values } = parseArgs({
  options: {
    store: { type: "string", default: "artifacts" },
    cells: { type: "string" },
    longer: { type: "string", default: "1" },
    real: { type: "boolean", default: false },
    scale: { type: "boolean", default: false },
    rounds: { type: "string", default: "1" },
  },
});
if (values.scale) await scale();
else if (values.real) await race(Number(values.cells ?? 8), Number(values.rounds));
else simulateAll(stageSeconds(values.store), Number(values.cells ?? 1000), Number(values.longer));

function simulateAll(measured: readonly StageSeconds[], cells: number, longer: number): void {
  if (measured.length === 0) {
    throw new Error(`${values.store} has no cell that ran through: run a sweep first`);
  }
  const stages = sweepOf(measured, cells, longer);
  const work = stages.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(`${cells} cells, ${stages.length} stages, ${duration(work)} of work\n`);
  console.log(`| nodes | ideal | ${POLICIES.map(({ name }) => name).join(" | ")} | calls of Slurm |`);
  console.log(`| ---: | ---: | ${POLICIES.map(() => "---:").join(" | ")} | --- |`);
  for (const slots of [10, 100, 1000]) {
    const ideal = simulate(stages, { slots, latency: 0 }, IDEAL).seconds;
    const found = POLICIES.map((policy) => simulate(stages, { slots, latency: SLURM_LATENCY }, policy));
    const cells = found.map(({ seconds }) => `${duration(seconds)} (${(seconds / ideal).toFixed(2)} x)`);
    const calls = found.map(({ submissions, looks }) => `${submissions} + ${looks}`).join(", ");
    console.log(`| ${slots} | ${duration(ideal)} | ${cells.join(" | ")} | ${calls} |`);
  }
}

/** Cells like those measured, one after the other, behind a stage that all share. */
function sweepOf(measured: readonly StageSeconds[], cells: number, longer: number): SimulatedStage[] {
  const stages: SimulatedStage[] = [{ seconds: measured[0]!.preprocess, after: [], rank: 0 }];
  for (let cell = 0; cell < cells; cell++) {
    const { train, evaluate, render, report } = measured[cell % measured.length]!;
    let before = 0;
    for (const [rank, seconds] of [train * longer, evaluate, render, report].entries()) {
      before = stages.push({ seconds, after: [before], rank: rank + 1 }) - 1;
    }
  }
  return stages;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}
