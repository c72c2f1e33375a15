import assert from "node:assert/strict";
import { terminalScreen } from "../../../pipeline/commands/session/screen.ts";

/** As much of a terminal as a screen uses (ECMA-48: CUU and ED): lines, a cursor, wrapping at the right margin. */
class FakeTerminal {
  lines: string[] = [""];
  #row = 0;

  constructor(readonly columns: number, readonly rows = 24) {}

  size() {
    return { columns: this.columns, rows: this.rows };
  }

  write(text: string): void {
    // deno-lint-ignore no-control-regex
    for (const [piece] of text.matchAll(/\x1b\[\d+[A-Z]|\n|[^\x1b\n]/gu)) {
      if (piece === "\n") this.#down();
      else if (piece.endsWith("A")) this.#row -= Number(piece.slice(2, -1));
      else if (piece === "\x1b[0J") this.lines.splice(this.#row, Infinity, "");
      else {
        if (this.lines[this.#row]!.length === this.columns) this.#down();
        this.lines[this.#row] += piece;
      }
    }
    assert(this.#row >= 0);
  }

  #down(): void {
    this.#row++;
    if (this.#row === this.lines.length) this.lines.push("");
  }
}

const PROGRESS = { fraction: 0.5, text: "epoch 1/2  loss 101.23", details: ["KL 12.34"], secondsLeft: 60 };

function screenOf(columns: number, rows?: number) {
  const terminal = new FakeTerminal(columns, rows);
  const screen = terminalScreen({ write: (text) => terminal.write(text), size: () => terminal.size() });
  return { terminal, screen };
}

Deno.test("lines that stay stand above those that are drawn over, and the end leaves nothing else, at any width", () => {
  for (let columns = 40; columns <= 200; columns += 4) {
    const { terminal, screen } = screenOf(columns);
    for (let i = 0; i < 5; i++) {
      screen.status("status", [`${i} of 5 cells done`, "about 12 min left", "2 stages at work"]);
      screen.progress("seed-1-latent-size-2 train", PROGRESS);
      screen.progress("seed-2-latent-size-2 train", PROGRESS);
    }
    screen.say("seed-1-latent-size-2 done");
    assert.equal(terminal.lines[0], "seed-1-latent-size-2 done");
    assert.match(terminal.lines[1]!, /^4 of 5 cells done/);
    assert.equal(terminal.lines.length, 5, terminal.lines.join("\n"));
    screen.drop("seed-1-latent-size-2 train");
    screen.end();
    assert.deepEqual(terminal.lines, ["seed-1-latent-size-2 done", ""]);
  }
});

Deno.test("more lines than the terminal has rows are not drawn: what is above could not be drawn over", () => {
  const { terminal, screen } = screenOf(80, 5);
  for (let i = 0; i < 9; i++) screen.progress(`cell-${i} train`, PROGRESS);
  assert.equal(terminal.lines.length, 5);
  screen.end();
  assert.deepEqual(terminal.lines, [""]);
});
