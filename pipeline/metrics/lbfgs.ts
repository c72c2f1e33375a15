/** Where a minimisation ended. */
export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
}

/**
 * Minimises a smooth function by the limited-memory BFGS method with a backtracking line search (Nocedal and
 * Wright, 2006, algorithms 7.4 and 3.1).
 *
 * @param evaluate value and gradient; the gradient must be a fresh array
 * @param tolerance stops where no entry of the gradient is larger
 */
export function minimise(
  evaluate: (x: Float64Array) => { value: number; gradient: Float64Array },
  start: Float64Array,
  { tolerance = 1e-4, maxIterations = 100, memory = 10 } = {},
): Minimum {
  let x = start;
  let { value, gradient } = evaluate(x);
  const pairs: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  let iterations = 0;
  while (iterations < maxIterations && gradient.some((slope) => Math.abs(slope) > tolerance)) {
    const direction = descentDirection(gradient, pairs);
    const slope = dot(direction, gradient);
    let length = pairs.length === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    let next: Float64Array;
    let result: ReturnType<typeof evaluate>;
    do {
      next = x.map((xi, i) => xi + length * direction[i]!);
      result = evaluate(next);
      length /= 2;
    } while (!(result.value <= value + 2e-4 * length * slope) && length > 1e-12);
    if (!(result.value < value)) break; // at the limit of precision

    const step = next.map((xi, i) => xi - x[i]!);
    const change = result.gradient.map((gi, i) => gi - gradient[i]!);
    const curvature = dot(step, change);
    if (curvature > 0) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    x = next;
    ({ value, gradient } = result);
    iterations++;
  }
  return { at: x, value, iterations };
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descentDirection(
  gradient: Float64Array,
  pairs: readonly { step: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const factors = new Float64Array(pairs.length);
  for (let p = pairs.length - 1; p >= 0; p--) {
    const { step, change, curvature } = pairs[p]!;
    factors[p] = dot(step, direction) / curvature;
    for (let i = 0; i < direction.length; i++) direction[i]! -= factors[p]! * change[i]!;
  }
  const latest = pairs.at(-1);
  if (latest) {
    const scale = latest.curvature / dot(latest.change, latest.change);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (const [p, { step, change, curvature }] of pairs.entries()) {
    const factor = factors[p]! - dot(change, direction) / curvature;
    for (let i = 0; i < direction.length; i++) direction[i]! += factor * step[i]!;
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
