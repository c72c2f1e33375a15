import { printable } from "../../base/printable.ts";
import type { LiveLine, LiveRun } from "../session/live.ts";
import { lastingLine } from "../session/display.ts";

/** One stage of a run, as it is now. */
export interface LiveStage extends GraphNode {
  readonly state: "waits" | "queued" | "runs" | "cached" | "done" | "failed";
  /** Why it runs and where, what it waits for, or how it ended. */
  readonly words: string;
  readonly fraction: number;
  readonly text: string;
  readonly secondsLeft: number | null;
}

/** A stage, and those that it reads. */
export interface GraphNode {
  readonly name: string;
  readonly after: readonly string[];
}

/** A run that is going on, as the page shows it. */
export interface LiveExperiment {
  readonly pid: number;
  readonly experiment: string;
  readonly stages: readonly LiveStage[];
  /** What training has told of its loss, by epoch. */
  readonly curve: readonly (readonly [epoch: number, loss: number])[];
  /** The last lines, the newest last. */
  readonly log: readonly string[];
}

/** What goes on: the experiments that are shown, and how many others there are in each state. */
export interface LiveOverview {
  readonly shown: readonly LiveExperiment[];
  readonly others: Readonly<Record<string, number>>;
}

const LOG_LINES = 12;
/** The most experiments of which all is told: a sweep may have a thousand. */
const MOST_SHOWN = 12;

/** What goes on in processes; of many experiments the most urgent ones. @param graph the stages, in order */
export function liveOverview(runs: readonly LiveRun[], graph: readonly GraphNode[]): LiveOverview {
  const all = liveExperiments(runs, graph).map((experiment) => ({ experiment, state: stateOf(experiment) }));
  const ordered = URGENCY.flatMap((state) => all.filter((each) => each.state === state));
  const others: Record<string, number> = {};
  for (const { state } of ordered.slice(MOST_SHOWN)) others[state] = (others[state] ?? 0) + 1;
  return { shown: ordered.slice(0, MOST_SHOWN).map(({ experiment }) => experiment), others };
}

/** What goes on in processes, experiment by experiment. @param graph the stages, in order */
export function liveExperiments(runs: readonly LiveRun[], graph: readonly GraphNode[]): LiveExperiment[] {
  return runs.flatMap(({ pid, lines }) => {
    const byName = [...Map.groupBy(lines, ({ experiment }) => experiment)];
    try {
      return byName.map(([experiment, own]) => liveExperiment(pid, experiment, own, graph));
    } catch {
      return []; // lines that no process of ours writes
    }
  });
}

function liveExperiment(
  pid: number,
  experiment: string,
  lines: readonly LiveLine[],
  graph: readonly GraphNode[],
): LiveExperiment {
  return {
    pid,
    experiment,
    stages: graph.map((node) => stageOf(node, lines.filter(({ stage }) => stage === node.name))),
    curve: lines.flatMap((line) => {
      const { epoch, loss } = line.type === "progress" ? line.values ?? {} : {};
      return epoch === undefined || loss === undefined ? [] : [[epoch, loss] as const];
    }),
    log: lines.filter(({ type }) => type !== "progress").slice(-LOG_LINES)
      .map((line) => `${new Date(line.at).toLocaleTimeString("en-GB")} ${line.stage} ${lastingLine(line)}`),
  };
}

function stageOf(node: GraphNode, lines: readonly LiveLine[]): LiveStage {
  const told = lines.flatMap((line) => line.type === "notice" ? [] : [line]), now = told.at(-1);
  const last = told.findLast(({ type }) => type !== "progress");
  const state = now ? STATES[now.type] : "waits";
  // What it told before it went back into a queue is no more.
  const progress = now?.type === "progress" ? now : undefined;
  return {
    ...node,
    state,
    words: last ? inWords(last) : "",
    fraction: progress?.fraction ?? (["waits", "queued", "runs"].includes(state) ? 0 : 1),
    text: progress?.text ?? "",
    secondsLeft: progress?.secondsLeft ?? null,
  };
}

/** What the last event of a stage says of it now. */
function inWords(line: LiveLine): string {
  if (line.type === "start") return [line.on, line.why].filter(Boolean).join(": ");
  if (line.type === "failed") return line.message === undefined ? lastingLine(line) : printable(line.message);
  return lastingLine(line);
}

const STATES: Readonly<Record<Exclude<LiveLine["type"], "notice">, LiveStage["state"]>> = {
  start: "runs",
  progress: "runs",
  queued: "queued",
  waiting: "waits",
  cached: "cached",
  finished: "done",
  failed: "failed",
};

/** States of experiments, those first that a reader looks for. */
const URGENCY = ["runs", "failed", "queued", "waits", "done"] as const;

/** What an experiment is about, by its stages. */
function stateOf({ stages }: LiveExperiment): typeof URGENCY[number] {
  const states = new Set(stages.map(({ state }) => state));
  for (const state of ["runs", "failed", "queued"] as const) if (states.has(state)) return state;
  return states.has("waits") ? "waits" : "done";
}
