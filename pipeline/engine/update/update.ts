import type { Optimiser } from "../engine.ts";
import type { Arena } from "../parameters.ts";
import type { AdamArguments, SgdArguments, UpdateKernels } from "./kernels.ts";

/** The share of an update that can be done apart from the rest: a kernel and its arguments. */
export interface UpdateTask {
  readonly kernel: keyof UpdateKernels;
  readonly args: readonly number[];
}

/** Runs some tasks, possibly at once on two threads, and returns their results in order. */
export type RunTasks = (tasks: readonly [UpdateTask, UpdateTask]) => readonly [number, number];

/**
 * One update of all parameters from the mean of the gradients of `parts` parts. The gradient is clipped first, then
 * weight decay is added (L2) or kept apart (AdamW), as PyTorch does. It is always cut into the same two halves, so
 * the bytes do not depend on who works on which.
 */
export function update(
  arena: Arena,
  parts: 1 | 2,
  optimiser: Optimiser,
  learningRate: number,
  run: RunTasks,
): void {
  const step = ++arena.step;
  const end = arena.sectionBytes, middle = Math.floor(end / 128) * 64;
  const halves = (task: (from: number, to: number) => UpdateTask) =>
    run([task(0, middle), task(middle, end)]);
  const [values, moment1, moment2, gradient0, gradient1] = arena.sectionOffsets;

  let scale = 1 / parts;
  if (optimiser.clipNorm !== undefined) {
    const [low, high] = halves((from, to) => ({
      kernel: `squares${parts}`,
      args: [gradient0, gradient1, from, to],
    }));
    const norm = scale * Math.sqrt(low + high);
    if (norm > optimiser.clipNorm) scale *= optimiser.clipNorm / norm;
  }

  const { weightDecay } = optimiser;
  halves((from, to) => {
    const range = [values, moment1, moment2, gradient0, gradient1, from, to] as const;
    if (optimiser.name === "sgd") {
      const args: SgdArguments = [...range, scale, weightDecay, optimiser.momentum, learningRate];
      return { kernel: `sgd${parts}`, args };
    }
    const { beta1, beta2, epsilon } = optimiser;
    const coupled = optimiser.name === "adam";
    // m / (1 - beta1^t) over sqrt(v / (1 - beta2^t)) + epsilon, with both corrections moved into two numbers.
    const root = Math.sqrt(1 - beta2 ** step);
    const args: AdamArguments = [
      ...range,
      scale,
      coupled ? weightDecay : 0,
      1 - beta1,
      1 - beta2,
      learningRate * root / (1 - beta1 ** step),
      epsilon * root,
      coupled ? 1 : 1 - learningRate * weightDecay,
    ];
    return { kernel: `adam${parts}`, args };
  });
}

/** Calls the kernel. */
export function runTask(kernels: UpdateKernels, { kernel, args }: UpdateTask): number {
  return (kernels[kernel] as (...args: readonly number[]) => number | void)(...args) ?? 0;
}
