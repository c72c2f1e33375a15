import type { Progress } from "../../base/progress.ts";
import { duration } from "../../base/words.ts";

/** What is shown on stderr: lines that stay and, below them on a terminal, lines that are drawn over. */
export interface Screen {
  /** A line that stays. */
  say(line: string): void;
  /** A line that may be replaced. Elsewhere than on a terminal it is written now and then. */
  live(name: string, line: string): void;
  /** Live lines with progress have a bar on a terminal. */
  progress(name: string, progress: Progress): void;
  drop(name: string): void;
  /** Leaves the screen clean for what comes after. */
  end(): void;
}

/** How often the same thing may be written where nothing can be drawn over. */
const PLAIN_INTERVAL_MS = 10_000;
const BAR_WIDTH = 20;

/** A screen that draws over its lines where stderr is a terminal, and adds lines elsewhere. */
export function openScreen(): Screen {
  return Deno.stderr.isTerminal() ? terminalScreen() : plainScreen();
}

function plainScreen(): Screen {
  const next = new Map<string, number>();
  const screen: Screen = {
    say: (line) => write(`${line}\n`),
    live(name, line) {
      const now = performance.now();
      if (now < (next.get(name) ?? 0)) return;
      next.set(name, now + PLAIN_INTERVAL_MS);
      write(`${line}\n`);
    },
    progress: (name, progress) => screen.live(name, `${name} ${words(progress)}`),
    drop() {},
    end() {},
  };
  return screen;
}

function terminalScreen(): Screen {
  const lives = new Map<string, string>();
  let drawn = 0;
  const erase = () => (drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : "");
  const redraw = (lasting = "") => {
    const columns = width();
    const lines = [...lives.values()].map((line) => line.slice(0, columns - 1));
    write(`${erase()}${lasting}${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
  };
  const screen: Screen = {
    say: (line) => redraw(`${line}\n`),
    live(name, line) {
      lives.set(name, line);
      redraw();
    },
    progress(name, progress) {
      const full = Math.round(Math.min(1, Math.max(0, progress.fraction)) * BAR_WIDTH);
      screen.live(name, `${name} ${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${words(progress)}`);
    },
    // What comes next draws the screen anew.
    drop: (name) => void lives.delete(name),
    end() {
      write(erase());
      drawn = 0;
      lives.clear();
    },
  };
  return screen;
}

function write(text: string): void {
  const data = new TextEncoder().encode(text);
  for (let written = 0; written < data.length;) written += Deno.stderr.writeSync(data.subarray(written));
}

/** Some terminals say that they have no columns, or nothing at all. */
function width(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

function words({ fraction, text, secondsLeft }: Progress): string {
  const left = secondsLeft === undefined ? "" : `  ${duration(secondsLeft)} left`;
  return `${Math.floor(fraction * 100)} %`.padStart(5) + ` ${text}${left}`;
}
