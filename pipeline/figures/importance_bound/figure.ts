import { count, nats } from "../../base/words.ts";
import type { Drawn, FigureData } from "../figure.ts";
import { drawImportanceBound } from "./draw.ts";

/** Draws the bound over the number of samples. */
export function draw({ importance }: FigureData): Drawn {
  const { samples, bound, standardError } = importance;
  const [most, tightest, error] = [samples.at(-1)!, bound.at(-1)!, standardError.at(-1)!];
  const title = "Importance-weighted bound";
  const measured = error === null ? nats(tightest) : `${nats(tightest)} ± ${nats(error)}`;
  const caption =
    `Upper bound on −log p(x) against the number of samples of z per example; with one sample it is ` +
    `the negative ELBO. With ${count(most)} it is ${measured} nats, ${
      nats(bound[0]! - tightest)
    } lower. The band is ` +
    `one standard error over test examples. Where the curve is still falling, the true value lies lower.`;
  const alt = `Line chart from ${nats(bound[0]!)} nats with one sample to ${nats(tightest)} with ${
    count(most)
  }.`;
  return { title, caption, alt, svg: drawImportanceBound(importance, { title, description: alt }) };
}
