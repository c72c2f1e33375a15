import type { Progress } from "../../base/progress.ts";
import { cut, progressInWords, progressLine, statusLine } from "./progress_line.ts";

/** What is shown on stderr: lines that stay and, below them on a terminal, lines that are drawn over. */
export interface Screen {
  /** A line that stays. */
  say(line: string): void;
  /**
   * A line that may be replaced. Elsewhere than on a terminal it is written now and then.
   *
   * @param parts what is worth most first
   */
  status(name: string, parts: readonly string[]): void;
  /** How far something is, as a line that may be replaced. */
  progress(name: string, progress: Progress): void;
  drop(name: string): void;
  /** Leaves the screen clean for what comes after. */
  end(): void;
}

/** How often the same thing may be written where nothing can be drawn over. */
const PLAIN_INTERVAL_MS = 10_000;

/** What a screen is drawn on. */
export interface Terminal {
  write(text: string): void;
  size(): { readonly columns: number; readonly rows: number };
}

const STDERR: Terminal = { write, size };

/** A screen that draws over its lines where stderr is a terminal that can, and adds lines elsewhere. */
export function openScreen(): Screen {
  const canDraw = Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb";
  return canDraw ? terminalScreen(STDERR) : plainScreen();
}

function plainScreen(): Screen {
  const next = new Map<string, number>();
  const now = (name: string, line: () => string) => {
    const time = performance.now();
    if (time < (next.get(name) ?? 0)) return;
    next.set(name, time + PLAIN_INTERVAL_MS);
    write(`${line()}\n`);
  };
  return {
    say: (line) => write(`${line}\n`),
    status: (name, parts) => now(name, () => parts.join(", ")),
    progress: (name, progress) => now(name, () => `${name} ${progressInWords(progress)}`),
    drop() {},
    end() {},
  };
}

/** A screen that draws over its lines. */
export function terminalScreen({ write, size }: Terminal): Screen {
  const lives = new Map<string, (columns: number) => string>();
  let drawn = 0;
  const erase = () => (drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : "");
  const redraw = (lasting = "") => {
    const { columns, rows } = size();
    // A line that is as wide as the screen, or a line too many, would move what is drawn over.
    const lines = [...lives.values()].slice(0, rows - 1).map((line) => cut(line(columns - 1), columns - 1));
    write(`${erase()}${lasting}${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
  };
  const live = (name: string, line: (columns: number) => string) => {
    lives.set(name, line);
    redraw();
  };
  return {
    say: (line) => redraw(`${line}\n`),
    status: (name, parts) => live(name, (columns) => statusLine(parts, columns)),
    progress: (name, progress) => live(name, (columns) => progressLine(name, progress, columns)),
    // What comes next draws the screen anew.
    drop: (name) => void lives.delete(name),
    end() {
      write(erase());
      drawn = 0;
      lives.clear();
    },
  };
}

function write(text: string): void {
  const data = new TextEncoder().encode(text);
  for (let written = 0; written < data.length;) written += Deno.stderr.writeSync(data.subarray(written));
}

/** Some terminals say that they have no columns, or nothing at all. */
function size(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}
