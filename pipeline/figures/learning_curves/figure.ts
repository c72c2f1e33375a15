import { capital, nats } from "../../base/words.ts";
import type { Drawn, FigureData } from "../figure.ts";
import { drawLearningCurves } from "./draw.ts";

/** Draws how training went. */
export function draw({ curves }: FigureData): Drawn {
  const { train, validation, test } = curves.splits;
  const [name, watched] = validation ? ["validation", validation] as const : ["test", test!] as const;
  const [last, weight] = [curves.epochs.at(-1)!, curves.klWeight.at(-1)!];
  const title = "Learning curves";
  const gap = watched.loss.at(-1)! - train!.loss.at(-1)!;
  const untouched = validation
    ? " The test part is left out, so that nothing is chosen by it: it is measured once, after training."
    : "";
  const caption =
    `Total loss, its two parts and the weight of the KL term over ${last} epochs; train is dashed, ` +
    `${name} is ${validation ? "dotted" : "solid"}, and the numbers are those of the last epoch. ${
      capital(name)
    } ends ${nats(Math.abs(gap))} nats ` +
    `${
      gap >= 0 ? "above" : "below"
    } train, which is a mean over the epoch while the weights change; ${name} is ` +
    `measured at its end. Where ${name} rises and train falls, the model overfits.${untouched} A KL that rises while ` +
    `the reconstruction falls means that z carries more and more of the input. A curve that begins above its frame ` +
    `has its first value written there.`;
  const alt = `Line charts. At epoch ${last}: train loss ${nats(train!.loss.at(-1)!)}, ${name} loss ` +
    `${nats(watched.loss.at(-1)!)}, ${name} KL ${nats(watched.kl.at(-1)!)} nats, KL weight ${weight}.`;
  return { title, caption, alt, svg: drawLearningCurves(curves, { title, description: alt }) };
}
