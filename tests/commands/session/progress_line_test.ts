import assert from "node:assert/strict";
import {
  cut,
  displayWidth,
  progressInWords,
  progressLine,
  statusLine,
  timeLeft,
} from "../../../pipeline/commands/session/progress_line.ts";

const TRAINING = {
  fraction: 0.347,
  text: "epoch 12/20  loss 101.23",
  details: ["reconstruction 79.12", "KL 22.11", "KL weight 0.345", "step 120/468", "12,400 examples/s"],
  secondsLeft: 134,
};

Deno.test("a line of progress shows what is worth most, and more where there is more room", () => {
  const line = (columns: number) => progressLine("train     ", TRAINING, columns);
  assert.equal(line(39), "train  34 %  epoch 12/20  loss 101.23");
  assert.equal(line(59), "train  34 %  epoch 12/20  loss 101.23  2 min left  KL 22.11");
  assert.equal(
    line(79),
    "train       ███░░░░░░░  34 %  epoch 12/20  loss 101.23  2 min left  KL 22.11",
  );
  assert.equal(
    line(119),
    "train       ███░░░░░░░  34 %  epoch 12/20  loss 101.23  2 min left  reconstruction 79.12  KL 22.11  KL weight 0.345",
  );
  assert.match(line(199), /12,400 examples\/s$/);
});

Deno.test("a line of progress fits into any width from 40 columns on, and names its stage, epoch and loss", () => {
  const names = [
    "train     ",
    "mnist-dense train",
    "seed-1-latent-size-2 train",
    `${"x".repeat(64)} evaluate`,
  ];
  for (const name of names) {
    for (let columns = 39; columns < 200; columns++) {
      const line = progressLine(name, TRAINING, columns);
      assert(displayWidth(line) <= columns, `${columns}: ${line}`);
      assert(
        line.startsWith(name.slice(0, 4)) && line.includes("epoch 12/20  loss 101"),
        `${columns}: ${line}`,
      );
    }
  }
});

Deno.test("a long name is cut in its middle: the ends tell cells and stages apart", () => {
  assert.equal(
    progressLine("seed-1-latent-size-2 train", TRAINING, 45),
    "seed-1-la…e-2 train  epoch 12/20  loss 101.23",
  );
});

Deno.test("without an estimate no time is shown", () => {
  const { secondsLeft: _, ...early } = TRAINING;
  assert.equal(progressLine("train", early, 39), "train  34 %  epoch 12/20  loss 101.23");
  assert.doesNotMatch(progressInWords(early), /left/);
});

Deno.test("where lines have no end, all is told", () => {
  assert.equal(
    progressInWords(TRAINING),
    "34 %  epoch 12/20  loss 101.23  2 min left  reconstruction 79.12  KL 22.11  KL weight 0.345  step 120/468  12,400 examples/s",
  );
});

Deno.test("a sweep's state leaves out from its end what has no room", () => {
  const parts = ["3 of 12 cells done", "1 failed", "about 12 min left", "2 stages at work"];
  assert.equal(statusLine(parts, 79), parts.join(", "));
  assert.equal(statusLine(parts, 50), parts.slice(0, 3).join(", "));
  assert.equal(statusLine(parts, 39), parts.slice(0, 2).join(", "));
});

Deno.test("an estimate is told no finer than it can be", () => {
  const told = [0, 44.6, 59.4, 59.6, 90, 3569, 3571, 7380, 90_000].map(timeLeft);
  assert.deepEqual(told, [
    "0 s",
    "45 s",
    "59 s",
    "1 min",
    "2 min",
    "59 min",
    "1 h 0 min",
    "2 h 3 min",
    "25 h 0 min",
  ]);
});

Deno.test("a line is cut by the columns that its characters take, and control characters never reach the terminal", () => {
  assert.equal(displayWidth("a漢字é"), 6);
  assert.equal(cut("copying 漢字漢字.mid", 14), "copying 漢字…");
  assert.equal(cut("a\x1b[2J", 79), "a\\x1b[2J");
});
