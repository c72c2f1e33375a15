import { randomStream } from "../../base/random.ts";
import { nats, plural } from "../../base/words.ts";
import { rollAt } from "../../metrics/music.ts";
import { codesAt } from "../drawing/examples.ts";
import { cellsInWords, drawRolls, HOW_TO_READ, placeOf } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";
import type { ReconstructionsOptions } from "./spec.ts";

/** Draws test windows beside what the decoder makes of their codes. */
export function draw(data: MusicFigureData<ReconstructionsOptions>): Drawn {
  const { seed, options, test, losses } = data;
  const order = randomStream(seed, "render/reconstructions").permutation(test.examples);
  const chosen = Array.from(order.subarray(0, options.reconstructions));
  const originals = data.rolls(test, chosen);
  const labels = chosen.map((i) => test.labels[i]!);
  const made = data.generate(codesAt(data, chosen), "reconstructions", labels);
  const rows = chosen.flatMap((example, i): DrawnSound[] => {
    const { place, bars, tempo } = placeOf(data, data.windows.test[example]!);
    const loss = nats(losses[example]!);
    return [
      { title: `Original: ${place}`, roll: rollAt(originals, i), bars, tempo },
      { title: `Reconstruction, ${loss} nats`, roll: rollAt(made, i), bars, tempo },
    ];
  });
  const title = "Originals and reconstructions";
  const caption =
    `${plural(chosen.length, "test window")} drawn at random, each above what the decoder makes of its ` +
    `posterior mean. ${HOW_TO_READ} ${cellsInWords(data)}`;
  const alt = `Piano rolls of ${chosen.length} test windows, each above its reconstruction.`;
  return drawRolls("reconstructions", { title, caption, alt }, rows, data);
}
