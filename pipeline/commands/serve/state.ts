import type { LiveLine, LiveRun } from "../session/live.ts";
import { lastingLine } from "../session/display.ts";

/** One stage of a run, as it is now. */
export interface LiveStage extends GraphNode {
  readonly state: "waits" | "runs" | "cached" | "done" | "failed";
  /** Why it runs, or how it ended. */
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

const LOG_LINES = 12;

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
  const last = lines.findLast(({ type }) => type !== "progress" && type !== "notice");
  const progress = lines.findLast((line) => line.type === "progress");
  const why = lines.findLast(({ why }) => why !== undefined)?.why;
  const now = last && STATES[last.type];
  return {
    ...node,
    state: now ?? "waits",
    words: !last ? "" : now === "runs" && why !== undefined ? why : lastingLine(last),
    fraction: now === "runs" ? progress?.fraction ?? 0 : now === "waits" || !now ? 0 : 1,
    text: now === "runs" ? progress?.text ?? "" : "",
    secondsLeft: now === "runs" ? progress?.secondsLeft ?? null : null,
  };
}

const STATES: Readonly<Record<LiveLine["type"], LiveStage["state"]>> = {
  start: "runs",
  progress: "runs",
  notice: "runs",
  queued: "waits",
  waiting: "waits",
  cached: "cached",
  finished: "done",
  failed: "failed",
};
