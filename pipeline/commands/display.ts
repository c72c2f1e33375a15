import type { RunEvent } from "../graph/events.ts";
import type { Progress } from "../graph/stage.ts";
import { duration, reasonInWords } from "./words.ts";

/** Shows a run on stderr: live bars on a terminal, lines now and then elsewhere. */
export interface Display {
  show(event: RunEvent): void;
  /** Leaves the screen clean for what comes after. */
  end(): void;
}

/** How often a stage may say how far it is where nothing can be drawn over. */
const PLAIN_INTERVAL_MS = 10_000;
const BAR_WIDTH = 20;

/** @param several whether lines must say which experiment they speak of */
export function openDisplay(several: boolean): Display {
  const label = ({ experiment, stage }: RunEvent) => (several ? `${experiment} ${stage}` : stage).padEnd(10);
  const write = (text: string) => {
    const data = new TextEncoder().encode(text);
    for (let written = 0; written < data.length;) written += Deno.stderr.writeSync(data.subarray(written));
  };
  return Deno.stderr.isTerminal() ? terminalDisplay(label, write) : plainDisplay(label, write);
}

/** The one line that an event leaves behind; "" for progress. */
function lastingLine(event: RunEvent): string {
  switch (event.type) {
    case "start":
      return `runs: ${reasonInWords(event.reason)}`;
    case "notice":
      return `note: ${event.message}`;
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

function plainDisplay(label: (event: RunEvent) => string, write: (text: string) => void): Display {
  const next = new Map<string, number>();
  return {
    show(event) {
      const name = label(event);
      if (event.type !== "progress") return write(`${name} ${lastingLine(event)}\n`);
      const now = performance.now();
      if (now < (next.get(name) ?? 0)) return;
      next.set(name, now + PLAIN_INTERVAL_MS);
      write(`${name} ${percent(event)} ${event.text}${timeLeft(event)}\n`);
    },
    end() {},
  };
}

function terminalDisplay(label: (event: RunEvent) => string, write: (text: string) => void): Display {
  const bars = new Map<string, string>();
  let drawn = 0;
  const erase = () => (drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : "");
  const redraw = (lasting: string) => {
    const columns = width();
    const lines = [...bars.values()].map((line) => line.slice(0, columns - 1));
    write(`${erase()}${lasting}${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
  };
  return {
    show(event) {
      const name = label(event);
      if (event.type === "progress") {
        const full = Math.round(Math.min(1, Math.max(0, event.fraction)) * BAR_WIDTH);
        const bar = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
        bars.set(name, `${name} ${bar} ${percent(event)} ${event.text}${timeLeft(event)}`);
        return redraw("");
      }
      if (event.type === "finished" || event.type === "failed" || event.type === "cached") bars.delete(name);
      redraw(`${name} ${lastingLine(event)}\n`);
    },
    end() {
      write(erase());
      drawn = 0;
      bars.clear();
    },
  };
}

/** Some terminals say that they have no columns, or nothing at all. */
function width(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

function percent({ fraction }: Progress): string {
  return `${Math.floor(fraction * 100)} %`.padStart(5);
}

function timeLeft({ secondsLeft }: Progress): string {
  return secondsLeft === undefined ? "" : `  ${duration(secondsLeft)} left`;
}
