import { nats } from "../../base/words.ts";
import type { Drawn, FigureData } from "../figure.ts";
import { drawLearningCurves } from "./draw.ts";

/** Draws how training went. */
export function draw({ curves }: FigureData): Drawn {
  const { train, test } = curves.splits;
  const [last, weight] = [curves.epochs.at(-1)!, curves.klWeight.at(-1)!];
  const title = "Learning curves";
  const gap = test!.loss.at(-1)! - train!.loss.at(-1)!;
  const caption =
    `Total loss, its two parts and the weight of the KL term over ${last} epochs; train is dashed, ` +
    `test is solid, and the numbers are those of the last epoch. Test ends ${nats(Math.abs(gap))} nats ` +
    `${
      gap >= 0 ? "above" : "below"
    } train, which is a mean over the epoch while the weights change; test is ` +
    `measured at its end. Where test rises and train falls, the model overfits. A KL that rises while the ` +
    `reconstruction falls means that z carries more and more of the input. A curve that begins above its frame ` +
    `has its first value written there.`;
  const alt = `Line charts. At epoch ${last}: train loss ${nats(train!.loss.at(-1)!)}, test loss ` +
    `${nats(test!.loss.at(-1)!)}, test KL ${nats(test!.kl.at(-1)!)} nats, KL weight ${weight}.`;
  return { title, caption, alt, svg: drawLearningCurves(curves, { title, description: alt }) };
}
