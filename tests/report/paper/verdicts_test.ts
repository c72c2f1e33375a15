import assert from "node:assert/strict";
import type { PaperResult } from "../../../pipeline/report/paper/read.ts";
import {
  coordinationSentence,
  dealSentence,
  endSentence,
  endValues,
  type PaperPlot,
  shapeSentence,
} from "../../../pipeline/report/paper/verdicts.ts";

const PLOT: PaperPlot = {
  figure: 4,
  firstEpoch: 1,
  lastEpoch: 3,
  values: [
    { name: "total loss", part: "train", term: "loss", start: 200, end: 150 },
    { name: "KL", part: "train", term: "kl", start: 6, minimum: 5, end: 7 },
  ],
};

function result(loss: number[], kl: number[]): PaperResult {
  const losses = { loss, kl, reconstruction: loss.map((value, i) => value - kl[i]!) };
  return { epochs: loss.map((_, i) => i + 1), train: losses, test: losses } as unknown as PaperResult;
}

Deno.test("a value within 3 % is the same, a lower loss is better, all else differs", () => {
  const same = endValues(result([200, 170, 153], [6, 5, 6.9]), PLOT);
  assert.deepEqual(same.map(({ agreement }) => agreement), ["same", "same"]);
  assert.match(endSentence(same), /All 2 end values.*\+2\.0 %/);

  const better = endValues(result([200, 170, 140], [6, 5, 6]), PLOT);
  assert.deepEqual(better.map(({ agreement }) => agreement), ["better", "differs"]);
  assert.match(endSentence(better), /Lower, which is better: total loss, train \(−6\.7 %\)/);
  assert.match(endSentence(better), /Further apart: KL, train \(−14\.3 %\)/);

  const [worse] = endValues(result([200, 170, 160], [6, 5, 7]), PLOT);
  assert.equal(worse!.agreement, "differs");
});

Deno.test("a distance of less than two standard errors may lie in which windows were dealt to the test part", () => {
  const plot: PaperPlot = {
    ...PLOT,
    values: [{ name: "total loss", part: "test", term: "loss", start: 200, end: 150 }],
  };
  // 60 / sqrt(400) = 3
  const ours = (loss: number) => ({
    ...result([200, 170, loss], [6, 5, 7]),
    testSpread: { mean: loss, deviation: 60, count: 400 },
  });
  assert.match(
    dealSentence(ours(155), plot),
    /400 windows .* error of 3\.00 nats; ours is 5\.00 nats above .* could/,
  );
  assert.match(dealSentence(ours(143), plot), /7\.00 nats below .* no other deal/);
});

Deno.test("values are those of the paper's last epoch, or of ours where training ended before", () => {
  assert.equal(endValues(result([200, 180, 150, 100], [6, 5, 7, 9]), PLOT)[0]!.ours, 150);
  assert.equal(endValues(result([200, 180], [6, 5]), PLOT)[0]!.ours, 180);
});

Deno.test("the shape of the KL and its play with the reconstruction are told from the curves", () => {
  const turning = result([200, 180, 150], [6, 5, 7]);
  assert.match(
    shapeSentence(turning, PLOT),
    /train KL 6\.00 → 5\.00 → 7\.00 \(paper 6\.00 → 5\.00 → 7\.00\)/,
  );
  assert.match(coordinationSentence(turning), /rises by 2\.00 while the reconstruction loss falls by 32\.00/);
  const falling = result([200, 180, 150], [7, 6, 5]);
  assert.match(shapeSentence(falling, PLOT), /train KL 7\.00 → 5\.00 \(paper/);
  assert.match(coordinationSentence(falling), /do not play together/);
});
