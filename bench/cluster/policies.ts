import type { Policy } from "./simulation.ts";

/** Nothing costs anything: what the machines alone allow. */
export const IDEAL: Policy = {
  name: "ideal",
  submit: 0,
  submitEach: 0,
  together: Infinity,
  mostJobs: Infinity,
  start: 0,
};

/** Seconds from a job's being first in the queue, with a node free, to its first line: measured on two nodes. */
export const SLURM_LATENCY = 1;

/** A call of `sbatch`: measured on two nodes. */
const SBATCH = 0.05;

/** The ways of three systems, each as it does by default. What a job costs to submit and to start is estimated. */
export const POLICIES: readonly Policy[] = [
  {
    name: "Reparam",
    submit: SBATCH,
    submitEach: 0.004,
    together: 1000,
    mostJobs: 10_000,
    interval: (jobs) => Math.min(5, 1 + 0.01 * jobs),
    start: 0.4,
  },
  {
    // One job a rule; first look after 40 s, each that sees no end 10 s later than the one before, 180 s at most
    // (snakemake-executor-plugin-slurm 2.8.0). The job starts Snakemake once more.
    name: "Snakemake",
    submit: 0.2,
    submitEach: 0,
    together: 1,
    mostJobs: 10_000,
    interval: (_, quiet) => Math.min(180, 40 + 10 * quiet),
    start: 3,
  },
  {
    // One job a task, 100 of them in the queue at most, a look every 5 s (`executor.queueSize` and `pollInterval` of
    // grid executors, Nextflow's documentation). What it starts is a script of the shell.
    name: "Nextflow",
    submit: SBATCH,
    submitEach: 0,
    together: 1,
    mostJobs: 100,
    interval: () => 5,
    start: 0.1,
  },
];
