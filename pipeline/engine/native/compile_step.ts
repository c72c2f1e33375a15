import { divideStep, trainedBy } from "../definition.ts";
import type { StepDefinition } from "../engine.ts";
import type { Shape } from "../../base/shape.ts";
import { schedule } from "../program/fuse.ts";
import { type FixedPlacements, type Layout, layOut } from "../program/layout.ts";
import { separate } from "../program/storage.ts";
import { mergeSums } from "../graph/merge_sums.ts";
import { type Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import { gradientName, inputName, parameterName, type Trace, traceStep } from "../trace/trace.ts";
import { VALUES } from "../update/kernel.ts";
import type { Arena } from "./arena.ts";
import { allocate, arrange, ProgramMemory } from "./memory.ts";
import { orientProducts } from "./orient.ts";
import { skipZeros } from "./sparse.ts";
import { convolveByWinograd } from "./winograd.ts";
import { Assembly } from "./program/assembly.ts";
import { OWN, PARAMETERS } from "./program/loop.ts";
import { lower, partAddress } from "./program/lower.ts";
import { Program } from "./program/program.ts";
import type { Phase } from "./program/run.ts";
import { NATIVE_LAYOUT, NATIVE_RULES, spelt, writeConstants } from "./program/rules.ts";
import { type GradientProduct, gradientProduct, scratchOf, tiles } from "./program/tiles.ts";
import { UpdateNumbers } from "./update/numbers.ts";
import { Updates } from "./update/updates.ts";

/** A training step as a program, with the memory that it works in. */
export interface CompiledStep {
  readonly program: Program;
  /** Holds inputs, by `inputName`; scalars, by their names, once for each part; and the update's numbers. */
  readonly memory: ProgramMemory;
  readonly scalars: readonly string[];
  readonly parts: 1 | 2;
}

/**
 * Compiles a step into a program. In its first phase each thread computes one part of the batch; in the last, each
 * updates half of the weights. Where the gradient is clipped, its norm is found in a phase between.
 */
export function compileStep(definition: StepDefinition, arena: Arena): CompiledStep {
  const optimiser = trainedBy(definition);
  const { parts, shapes } = divideStep(definition);
  const trace = skipZeros(traceStep(arena, shapes, definition.step, arena.groups), definition.inputs, arena);
  arena.bind();
  const { whole, tiled } = resultsOf(trace, parts);
  const isClipped = optimiser.clipNorm !== undefined;

  const tensors: Record<string, Shape> = { ...UpdateNumbers.tensors(optimiser, arena.groups) };
  for (const [name, { shape }] of Object.entries(definition.inputs)) tensors[inputName(name)] = shape;
  for (const [name, { shape }] of whole) tensors[name] = [parts, sizeOf(shape)];
  for (const [name, product] of tiled) {
    // The norm is known when all gradients are: until then they must be kept.
    if (isClipped) tensors[name] = [product.left.shape[1]!, product.right.shape[1]!];
    for (const [part, shape] of Object.entries(scratchOf(product, parts))) {
      for (const key of [scratchName(0, part), scratchName(1, part)]) {
        if (sizeOf(shape) > sizeOf(tensors[key] ?? [0])) tensors[key] = shape;
      }
    }
  }
  const { addresses, bytes } = arrange(tensors);
  const outputs = [...whole.values()], kept = [...tiled.values()].flatMap(({ left, right }) => [left, right]);
  const instructions = schedule([...outputs, ...kept], NATIVE_RULES);
  const fixed: FixedPlacements = {
    input(name) {
      const parameter = parameterName("");
      if (name.startsWith(parameter)) {
        return {
          memory: PARAMETERS,
          address: arena.address(VALUES, name.slice(parameter.length)),
          stride: 0,
        };
      }
      const input = name.slice(inputName("").length);
      const stride = definition.inputs[input]!.batched ? sizeOf(shapes[input]!) * 4 : 0;
      return { memory: OWN, address: addresses[name]!, stride };
    },
    outputs: [...whole].map(([name, { shape }]) => ({
      memory: OWN,
      address: addresses[name]!,
      stride: sizeOf(shape) * 4,
    })),
  };
  const layout = layOut(instructions.map((one) => [one]), outputs, kept, fixed, parts, bytes, NATIVE_LAYOUT);
  const memory = allocate(layout.bytes, true);
  writeConstants(layout, memory);

  const assembly = new Assembly([memory, arena.memory]);
  const numbers = UpdateNumbers.addresses(optimiser, arena.groups, addresses);
  const updates = new Updates(assembly, arena, optimiser, numbers);
  const [here, there = []] = lower(assembly, instructions, layout, parts);
  const compute: Phase = [here!, there];
  const inTiles = [...tiled].map(([name, product]) =>
    tiledPhase(assembly, updates, layout, product, parts, {
      addresses,
      variable: name.slice(gradientName("").length),
      stored: isClipped ? addresses[name] : undefined,
    })
  );
  const gradientsOf = (isTiled: boolean) =>
    arena.names.filter((name) => tiled.has(gradientName(name)) === isTiled).map((name) => {
      const address = addresses[gradientName(name)], shape = whole.get(gradientName(name))?.shape;
      // Tiles leave the sum over the parts; a variable that the loss does not reach has no gradient.
      const count = isTiled ? 1 : shape ? parts : 0, stride = sizeOf(shape ?? []) * 4;
      return { name, addresses: Array.from({ length: count }, (_, part) => address! + part * stride) };
    });
  const program = new Program(
    assembly,
    isClipped
      ? [
        compute,
        joined([...inTiles, updates.squaresPhase(gradientsOf(false))]),
        updates.phase([...gradientsOf(false), ...gradientsOf(true)]),
      ]
      : [compute, joined([...inTiles, updates.phase(gradientsOf(false))])],
  );
  return {
    program,
    memory: new ProgramMemory(tensors, memory.buffer),
    scalars: [...whole.keys()].filter((name) => !name.startsWith(gradientName(""))),
    parts,
  };
}

/** The step's scalars and gradients by name: to be computed by each part as they are, or in tiles over all parts. */
function resultsOf(
  { graph, results }: Trace,
  parts: number,
): { whole: Map<string, Value>; tiled: Map<string, GradientProduct> } {
  const names = Object.keys(results);
  const traced = Object.values(graph.floats(results));
  const values = orientProducts(graph, mergeSums(graph, convolveByWinograd(graph, traced)));
  const products = new Map<string, GradientProduct>();
  const others = new Map<string, Value>();
  values.forEach((value, i) => {
    const name = names[i]!;
    const product = name.startsWith(gradientName("")) ? gradientProduct(value, parts) : undefined;
    if (product) products.set(name, product);
    else others.set(name, value);
  });
  const operands = [...products.values()].flatMap(({ left, right }) => [left, right]);
  const { outputs, kept } = separate(
    graph,
    [...others.values()],
    operands,
    NATIVE_RULES,
    (value, rebuilt) => spelt(graph, value, rebuilt),
  );
  return {
    whole: new Map([...others.keys()].map((name, i) => [name, outputs[i]!])),
    tiled: new Map(
      [...products].map((
        [name, product],
        i,
      ) => [name, { ...product, left: kept[2 * i]!, right: kept[2 * i + 1]! }]),
    ),
  };
}

/** A gradient in tiles, each of which updates its weights at once or is stored as part of the whole. */
function tiledPhase(
  assembly: Assembly,
  updates: Updates,
  layout: Layout,
  product: GradientProduct,
  parts: number,
  { addresses, variable, stored }: {
    readonly addresses: Readonly<Record<string, number>>;
    readonly variable: string;
    readonly stored: number | undefined;
  },
): Phase {
  const byPart = (value: Value) =>
    Array.from({ length: parts }, (_, part) => partAddress(layout.placement(value), part));
  const scratch = [0, 1].map((thread) => ({
    left: addresses[scratchName(thread, "left")]!,
    right: addresses[scratchName(thread, "right")]!,
    tile: addresses[scratchName(thread, "tile")]!,
  }));
  const width = product.right.shape[1]!;
  const operands = { left: byPart(product.left), right: byPart(product.right), scratch };
  return tiles(assembly, product, operands, ({ thread, row, column, sides, address }) => {
    const block = { sides, parameters: [width, 1], gradients: [sides[1], 1], count: 1 };
    const first = row * width + column;
    return stored === undefined
      ? updates.update(variable, first, block, [address])
      : updates.squares(variable, thread, block, [address], {
        address: stored + first * 4,
        strides: [width, 1],
      });
  });
}

const scratchName = (thread: number, part: string) => `scratch/${thread}/${part}`;

/** Phases that do not depend on each other, as one. */
function joined(phases: readonly Phase[]): Phase {
  return [phases.flatMap(([here]) => here), phases.flatMap(([, there]) => there)];
}
