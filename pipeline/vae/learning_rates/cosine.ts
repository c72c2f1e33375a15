import type { CosineRate } from "./cosine.spec.ts";

/**
 * Linear warm-up, then half a cosine (Loshchilov and Hutter, 2017, without restarts). The warm-up counts the step to
 * come, because a first step at rate 0 would be lost.
 */
export function learningRate(
  { rate, endRate, warmupEpochs }: CosineRate,
  step: number,
  stepsPerEpoch: number,
  epochs: number,
): number {
  const warmup = warmupEpochs * stepsPerEpoch;
  if (step < warmup) return rate * Math.min(1, (step + 1) / warmup);
  const progress = Math.min(1, (step - warmup) / Math.max(1, epochs * stepsPerEpoch - warmup));
  return endRate + (rate - endRate) * (1 + Math.cos(Math.PI * progress)) / 2;
}
