/**
 * The likelihood of one value as an exponential family in x itself: log p(x) = x η - A(η) + log h(x). What it says of
 * many examples under many means is then a product of matrices.
 */
export interface ExponentialFamily {
  /** η, the natural parameter of the distribution with this mean. */
  natural(mean: number): number;
  /** A(η), the log-normaliser of the distribution with this mean, in nats. */
  logNormaliser(mean: number): number;
}

/** x log p + (1 - x) log(1 - p) = x logit(p) + log(1 - p). */
export const bernoulliFamily: ExponentialFamily = {
  natural: (p) => Math.log(bounded(p) / (1 - bounded(p))),
  logNormaliser: (p) => -Math.log(1 - bounded(p)),
};

/** -(x - m)² / 2σ² = x m/σ² - m²/2σ² - x²/2σ², of which the last is the same for every mean. */
export function gaussianFamily(standardDeviation: number): ExponentialFamily {
  const variance = standardDeviation ** 2;
  return {
    natural: (mean) => mean / variance,
    logNormaliser: (mean) => mean ** 2 / (2 * variance),
  };
}

/** Away from 0 and 1, where a float32's logarithm is infinite. */
function bounded(p: number): number {
  return Math.min(1 - 1e-6, Math.max(1e-6, p));
}
