import { nats } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";
import { numberTable } from "../table.ts";
import { plotDistance, type ShownValues, shownValues } from "./distance.ts";
import paper from "./paper.json" with { type: "json" };
import type { PaperResult } from "./read.ts";
import type { PaperPlot } from "./verdicts.ts";

/** A protocol that was tried by `bench/figure5.ts`, with what its curves showed, in the order of the plot's values. */
interface Tried {
  readonly protocol: string;
  readonly shown: readonly ShownValues[];
}

/** Protocols for a plot of music beside the one of the page, and how far each lies from the plot. */
export function triedProtocols(result: PaperResult, plot: PaperPlot): Markup | null {
  if (result.epochs.length < plot.lastEpoch) return null;
  const own = { protocol: "that of this page", shown: shownValues(plot, result, 1) };
  const rows = [own, ...paper.music.tried as readonly Tried[]]
    .map((tried) => ({ ...tried, distance: plotDistance(plot, tried.shown).all }))
    .sort((a, b) => a.distance - b.distance);
  const ofPaper = plot.values.map(({ start, minimum, end }) => ({ start, least: minimum ?? end, end }));
  const cells = (shown: readonly ShownValues[]) => {
    const [trainLoss, testLoss, trainKl, testKl] = shown as [
      ShownValues,
      ShownValues,
      ShownValues,
      ShownValues,
    ];
    const pair = (of: "start" | "end", loss: ShownValues, kl: ShownValues) =>
      `${loss[of].toFixed(0)}, KL ${nats(kl[of])}`;
    return [
      pair("start", trainLoss, trainKl),
      pair("start", testLoss, testKl),
      `${nats(trainKl.least)}, ${nats(testKl.least)}`,
      pair("end", trainLoss, trainKl),
      pair("end", testLoss, testKl),
    ];
  };
  return markup`${
    numberTable(
      `What was tried for Figure ${plot.figure}, nearest first, in nats. The distance is the root mean square of the ` +
        "logarithms of our values over the paper's: 0.1 is about a tenth apart.",
      [
        "Protocol",
        `Train, epoch ${plot.firstEpoch}`,
        `Test, epoch ${plot.firstEpoch}`,
        "Least KL, train and test",
        `Train, epoch ${plot.lastEpoch}`,
        `Test, epoch ${plot.lastEpoch}`,
        "Distance",
      ],
      [
        ["the paper", ...cells(ofPaper), ""],
        ...rows.map(({ protocol, shown, distance }) => [protocol, ...cells(shown), distance.toFixed(2)]),
      ],
    )
  }
<p class="note">${paper.music.remark}</p>`;
}
