import { plural } from "../../base/words.ts";
import type { RunEvent } from "../../graph/events.ts";
import { lastingLine } from "../session/display.ts";
import { timeLeft } from "../session/progress_line.ts";
import { openScreen } from "../session/screen.ts";

/** Shows all cells of a sweep on one screen: how many are done, a bar for each stage that runs, a line for each end. */
export interface SweepDisplay {
  show(event: RunEvent): void;
  cellDone(experiment: string, failure: string | undefined): void;
  end(): void;
}

/** @param cells name of each cell by the name of its experiment */
export function openSweepDisplay(cells: ReadonlyMap<string, string>): SweepDisplay {
  const screen = openScreen();
  const started = performance.now();
  /** Experiments that executed a stage: the others tell nothing of the time that is left. */
  const executing = new Set<string>();
  const running = new Set<string>();
  const queued = new Set<string>();
  let [done, executed, failed] = [0, 0, 0];
  const name = ({ experiment, stage }: RunEvent) => `${cells.get(experiment) ?? experiment} ${stage}`;

  function status(): void {
    const left = cells.size - done;
    const seconds = (performance.now() - started) / 1000;
    screen.status("status", [
      `${done} of ${plural(cells.size, "cell")} done`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      // The first cell has also waited for what all share.
      ...(executed > 1 && left > 0 ? [`about ${timeLeft(seconds / executed * left)} left`] : []),
      ...(running.size > 0 ? [`${plural(running.size, "stage")} at work`] : []),
      ...(queued.size > 0 ? [`${queued.size} in the cluster's queue`] : []),
    ]);
  }

  return {
    show(event) {
      switch (event.type) {
        case "progress":
          return screen.progress(name(event), event);
        case "cached":
          return;
        case "queued":
          queued.add(name(event));
          return status();
        case "start":
          executing.add(event.experiment);
          queued.delete(name(event));
          running.add(name(event));
          return status();
        case "finished":
        case "failed":
          running.delete(name(event));
          queued.delete(name(event));
          screen.drop(name(event));
          return status();
        case "notice":
        case "waiting":
          return screen.say(`${name(event)} ${lastingLine(event)}`);
      }
    },
    cellDone(experiment, failure) {
      done++;
      if (failure !== undefined) failed++;
      if (executing.has(experiment)) executed++;
      if (failure !== undefined) screen.say(`${cells.get(experiment)} failed: ${failure}`);
      else if (executing.has(experiment)) screen.say(`${cells.get(experiment)} done`);
      if (executing.size > 0) status();
    },
    end: () => screen.end(),
  };
}
