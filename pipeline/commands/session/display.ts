import { printable } from "../../base/printable.ts";
import { duration } from "../../base/words.ts";
import type { RunEvent } from "../../graph/events.ts";
import { reasonInWords } from "./reasons.ts";
import { openScreen } from "./screen.ts";

/** Shows a run: live bars on a terminal, lines now and then elsewhere. */
export interface Display {
  show(event: RunEvent): void;
  /** Leaves the screen clean for what comes after. */
  end(): void;
}

/** @param several whether lines must say which experiment they speak of */
export function openDisplay(several: boolean): Display {
  const screen = openScreen();
  return {
    show(event) {
      const { experiment, stage } = event;
      const name = (several ? `${experiment} ${stage}` : stage).padEnd(10);
      if (event.type === "progress") return screen.progress(name, event);
      if (event.type === "finished" || event.type === "failed" || event.type === "cached") screen.drop(name);
      screen.say(`${name} ${lastingLine(event)}`);
    },
    end: () => screen.end(),
  };
}

/** The one line that an event leaves behind; "" for progress. */
export function lastingLine(event: RunEvent): string {
  switch (event.type) {
    case "queued":
      return `waits in the cluster's queue: ${printable(event.text)}`;
    case "start":
      return `runs: ${reasonInWords(event.reason)}`;
    case "notice":
      return `note: ${printable(event.message)}`;
    case "waiting": {
      const since = event.since ? ` since ${new Date(event.since).toLocaleTimeString("en-GB")}` : "";
      return `waits for process ${event.pid ?? "(unknown)"}, which works on it${since}`;
    }
    case "cached":
      return event.from === "remote" ? "fetched from the remote cache" : "cached";
    case "finished":
      return `done in ${duration(event.seconds)}`;
    case "failed":
      return "stopped";
    case "progress":
      return "";
  }
}
