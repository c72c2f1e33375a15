import type { ModelName } from "./models.ts";

/**
 * Floating-point operations of one training step, counting matrix products only: 2 rows x inputs x units per
 * layer forward, as much for the weight's gradient, and as much for the input's, which a first layer does not
 * need. A convolution is a layer with kernel area x channels inputs and a row per position of its smaller map.
 * A constant decoder input is projected once. What an implementation computes beyond that does not count.
 */
export function stepFlops(model: ModelName, batch: number): number {
  const products = layers[model].map(({ rows = 1, inputs, units, first }) => {
    return 2 * batch * rows * inputs * units * (first ? 2 : 3);
  });
  return products.reduce((a, b) => a + b);
}

/** The contestant `product` multiplies this many pairs of square matrices of this side in one step. */
export const productChain = { products: 16, side: 1024 };
export const productFlops = productChain.products * 2 * productChain.side ** 3;

interface LayerSize {
  /** Rows per example; default 1. */
  readonly rows?: number;
  readonly inputs: number;
  readonly units: number;
  readonly first?: boolean;
}

const chain = (...sizes: number[]): LayerSize[] => {
  return sizes.slice(1).map((units, i) => ({ inputs: sizes[i]!, units }));
};

const layers: Record<ModelName, LayerSize[]> = {
  dense: [{ inputs: 784, units: 500, first: true }, ...chain(500, 2 * 2), ...chain(2, 500, 784)],
  midi: [
    { inputs: 15600, units: 1000, first: true },
    ...chain(1000, 500, 100, 2 * 20),
    ...chain(20, 100, 500, 15600),
  ],
  conv: [
    { rows: 14 * 14, inputs: 4 * 4 * 1, units: 32, first: true },
    { rows: 7 * 7, inputs: 4 * 4 * 32, units: 64 },
    ...chain(3136, 256, 2 * 16),
    ...chain(16, 256, 3136),
    { rows: 7 * 7, inputs: 4 * 4 * 32, units: 64 },
    { rows: 14 * 14, inputs: 4 * 4 * 1, units: 32 },
  ],
  lstm: [
    { rows: 100, inputs: 156, units: 4 * 256, first: true },
    { rows: 100, inputs: 256, units: 4 * 256 },
    ...chain(256, 2 * 20),
    ...chain(20, 256, 4 * 256),
    { rows: 100, inputs: 256, units: 4 * 256 },
    { rows: 100, inputs: 256, units: 156 },
  ],
};
