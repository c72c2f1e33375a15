import type { Optimiser } from "./engine.ts";
import type { Arena } from "./parameters.ts";

/** One update of all parameters from the gradients of `parts` parts (their mean). */
export function update(arena: Arena, parts: 1 | 2, optimiser: Optimiser, learningRate: number): void {
  const length = arena.sectionBytes / 4;
  const section = (name: Parameters<Arena["sectionOffset"]>[0]) =>
    new Float32Array(arena.memory.buffer, arena.sectionOffset(name), length);
  const p = section("values"), m = section("moment1"), v = section("moment2"), g = section("gradient0");
  const t = ++arena.step;
  if (parts === 2) {
    const other = section("gradient1");
    for (let i = 0; i < length; i++) g[i] = (g[i]! + other[i]!) / 2;
  }
  let scale = 1;
  if (optimiser.clipNorm !== undefined) {
    let square = 0;
    for (let i = 0; i < length; i++) square += g[i]! * g[i]!;
    scale = Math.min(1, optimiser.clipNorm / Math.sqrt(square));
  }
  const { weightDecay } = optimiser;
  if (optimiser.name === "sgd") {
    for (let i = 0; i < length; i++) {
      m[i] = optimiser.momentum * m[i]! + g[i]! * scale + weightDecay * p[i]!;
      p[i]! -= learningRate * m[i]!;
    }
    return;
  }
  const { beta1, beta2, epsilon } = optimiser;
  const l2 = optimiser.name === "adam" ? weightDecay : 0,
    keep = optimiser.name === "adamw" ? 1 - learningRate * weightDecay : 1;
  const root = Math.sqrt(1 - beta2 ** t),
    rate = learningRate * root / (1 - beta1 ** t),
    floor = epsilon * root;
  for (let i = 0; i < length; i++) {
    const x = g[i]! * scale + l2 * p[i]!;
    m[i] = beta1 * m[i]! + (1 - beta1) * x;
    v[i] = beta2 * v[i]! + (1 - beta2) * x * x;
    p[i] = p[i]! * keep - rate * m[i]! / (Math.sqrt(v[i]!) + floor);
  }
}
