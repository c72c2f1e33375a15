import type { Losses } from "../../artifacts/metrics_csv.ts";
import type { Objective } from "../../vae/objectives/objective.ts";
import { type ExampleLosses, meanKl } from "../../inference/example_losses.ts";

/** The mean losses over examples, in nats; undefined where there are none. @param weight of the KL term */
export function meanLosses(
  losses: ExampleLosses,
  { ofMeans }: Objective,
  weight: number,
  freeBits: number,
): Losses | undefined {
  const examples = losses.reconstruction.length;
  if (examples === 0) return undefined;
  const reconstruction = losses.reconstruction.reduce((sum, loss) => sum + loss / examples, 0);
  const perDimension = meanKl(losses);
  const kl = perDimension.reduce((sum, value) => sum + value, 0);
  const measured = losses.objective?.reduce((sum, loss) => sum + loss / examples, 0);
  const objective = ofMeans?.(reconstruction, perDimension, weight, freeBits) ?? measured ?? null;
  return { loss: reconstruction + kl, reconstruction, kl, objective };
}
