import type { LiveLine, LiveRun } from "../session/live.ts";
import { lastingLine } from "../session/display.ts";

/** One stage of a run, as it is now. */
export interface LiveStage {
  readonly name: string;
  readonly state: "waits" | "runs" | "cached" | "done" | "failed";
  /** Why it runs, or how it ended. */
  readonly words: string;
  readonly fraction: number;
  readonly text: string;
  readonly secondsLeft: number | null;
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

/** What goes on in processes, experiment by experiment. @param order of the stages */
export function liveExperiments(runs: readonly LiveRun[], order: readonly string[]): LiveExperiment[] {
  return runs.flatMap(({ pid, lines }) => {
    const byName = [...Map.groupBy(lines, ({ experiment }) => experiment)];
    try {
      return byName.map(([experiment, own]) => liveExperiment(pid, experiment, own, order));
    } catch {
      return []; // lines that no process of ours writes
    }
  });
}

function liveExperiment(
  pid: number,
  experiment: string,
  lines: readonly LiveLine[],
  order: readonly string[],
): LiveExperiment {
  return {
    pid,
    experiment,
    stages: order.map((name) => stageOf(name, lines.filter(({ stage }) => stage === name))),
    curve: lines.flatMap((line) => {
      const { epoch, loss } = line.type === "progress" ? line.values ?? {} : {};
      return epoch === undefined || loss === undefined ? [] : [[epoch, loss] as const];
    }),
    log: lines.filter(({ type }) => type !== "progress").slice(-LOG_LINES)
      .map((line) => `${new Date(line.at).toLocaleTimeString("en-GB")} ${line.stage} ${lastingLine(line)}`),
  };
}

function stageOf(name: string, lines: readonly LiveLine[]): LiveStage {
  const last = lines.findLast(({ type }) => type !== "progress" && type !== "notice");
  const progress = lines.findLast((line) => line.type === "progress");
  const why = lines.findLast(({ why }) => why !== undefined)?.why;
  const now = last && STATES[last.type];
  return {
    name,
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
