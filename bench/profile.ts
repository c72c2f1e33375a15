import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../pipeline/base/shape.ts";
import type { StepDefinition } from "../pipeline/engine/engine.ts";
import type { Entry, EntryStep } from "../pipeline/engine/graph/entrywise.ts";
import type { Value } from "../pipeline/engine/graph/value.ts";
import { Arena } from "../pipeline/engine/native/arena.ts";
import { compileStep } from "../pipeline/engine/native/compile_step.ts";
import { Assembly } from "../pipeline/engine/native/program/assembly.ts";
import type { Loop } from "../pipeline/engine/native/program/loop.ts";
import { type Invocation, runAll } from "../pipeline/engine/native/program/run.ts";
import type { SparseLoop } from "../pipeline/engine/native/program/sparse_loop.ts";
import { UpdateNumbers } from "../pipeline/engine/native/update/numbers.ts";
import { inputName } from "../pipeline/engine/trace/trace.ts";
import { updateRule } from "../pipeline/engine/update/optimisers/adam.ts";
import { adam, readTensors, writeCase } from "./case.ts";
import { benchModel, type ModelName, modelNames } from "./models.ts";
import { median } from "./race.ts";

/**
 * What each invocation of a training step takes on one thread, its own half of the batch and of the update: the rate
 * of products; and of loops, beside the bytes that they touch, the time of a loop that reads and writes the same and
 * computes nothing, which is what the memory costs.
 *
 *     deno run -A bench/profile.ts [MODEL,... [BATCH,...]]
 */

const STEPS = 30, WARM_UP = 8;
const folder = "artifacts/bench";
const [models = modelNames.join(), batches = "32,128"] = Deno.args;

/** What the assembly was asked for. */
type Made = { readonly loop: Loop } | { readonly sparse: SparseLoop } | { readonly product: Value };

/** Has every assembly remember what an invocation is of, and make `change` of its loops. @returns invocation -> that */
function watch(change: (loop: Loop) => Loop): Map<Invocation, Made> {
  const made = new Map<Invocation, Made>();
  const remember = <I extends Invocation>(invocation: I, what: Made) => {
    made.set(invocation, what);
    return invocation;
  };
  const prototype = Assembly.prototype, { loop, sparse, call } = original;
  prototype.loop = function (of, addresses) {
    return remember(loop.call(this, change(of), addresses), { loop: of });
  };
  prototype.sparse = function (of, addresses) {
    return remember(sparse.call(this, of, addresses), { sparse: of });
  };
  prototype.call = function (value, operands, result) {
    return remember(call.call(this, value, operands, result), { product: value });
  };
  return made;
}
const original = (({ loop, sparse, call }) => ({ loop, sparse, call }))(Assembly.prototype);

/** The loop with the same operands and results, and the sum of the operands in place of what it computes. */
function bare(loop: Loop): Loop {
  const steps: EntryStep[] = [];
  const read = loop.operands.map((_, operand): Entry => ({ operand }));
  const [first = { number: 0 }, ...others] = read;
  const entry = others.reduce(
    (a, b): Entry => ({ step: steps.push({ op: "Add", entries: [a, b], attributes: {} }) - 1 }),
    first,
  );
  return { ...loop, steps, results: loop.results.map((result) => ({ ...result, entry })) };
}

/** Seconds of each invocation of the first thread, medians, in order. */
async function times(model: ModelName, batch: number, change: (loop: Loop) => Loop) {
  const made = watch(change);
  const files = await writeCase(folder, model, batch);
  const { x, noise } = await readTensors(files.data);
  const built = benchModel(model, batch);
  const inputs: StepDefinition["inputs"] = {
    x: { ...built.inputs.x, density: files.density },
    noise: built.inputs.noise,
  };
  const optimiser = { rule: updateRule({ name: "adam", ...adam }), weightDecay: 0 };
  const arena = new Arena(built.variables, optimiser);
  const { program, memory, parts } = compileStep({ parameters: arena, inputs, step: built.step }, arena);
  memory.views[inputName("x")]!.set(x!.data.subarray(0, sizeOf(built.inputs.x.shape)));
  memory.views[inputName("noise")]!.set(noise!.data);
  const numbers = new UpdateNumbers(optimiser, arena.groups, parts, memory);
  const invocations = program.phases.flatMap(([here]) => here);
  const all = invocations.map((): number[] => []);
  for (let step = 1; step <= STEPS + WARM_UP; step++) {
    let i = 0;
    numbers.during(program.phases.length, step, files.learningRate, (phase) => {
      const [here, there] = program.runnable[phase]!;
      runAll(there);
      for (const run of here) {
        const begin = performance.now();
        run();
        const took = performance.now() - begin;
        if (step > WARM_UP) all[i]!.push(took);
        i++;
      }
    });
  }
  program.dispose();
  built.dispose();
  arena.dispose();
  return invocations.map((invocation, i) => ({ made: made.get(invocation)!, ms: median(all[i]!) }));
}

/** Bytes that a loop reads and writes, each once. */
function bytesOf({ sides, operands, results }: Loop): number {
  const touched = (strides: readonly number[]) =>
    Math.min(
      sizeOf(sides.filter((_, axis) => strides[axis] !== 0)),
      strides.reduce((sum, stride, axis) => sum + Math.abs(stride) * (sides[axis]! - 1), 1),
    );
  return [...operands, ...results].reduce((sum, { strides }) => sum + 4 * touched(strides), 0);
}

function flopsOf({ op, attributes, operands: [left], shape }: Value): number {
  if (op !== "Gemm" && op !== "MatMul") return 0;
  return 2 * sizeOf(shape) * left!.shape.at(attributes.transA === 1 ? 0 : -1)!;
}

/** What invocations have in common that are one row of the table. */
function nameOf(made: Made): string {
  if ("product" in made) {
    const { op, attributes, operands, shape } = made.product;
    const flags = `${attributes.transA ? "A'" : "A"} ${attributes.transB ? "B'" : "B"}`;
    return `${op} ${flags} ${operands.map((operand) => `[${operand.shape}]`).join(" ")} -> [${shape}]`;
  }
  if ("sparse" in made) return `sparse ${made.sparse.rows} x ${made.sparse.columns} by ${made.sparse.width}`;
  const { sides, operands, steps, results } = made.loop;
  const ops = [...Map.groupBy(steps, ({ op }) => op)].map(([op, all]) =>
    all.length > 1 ? `${all.length} ${op}` : op
  );
  const kinds = results.map(({ kind }) => kind).filter((kind) => kind !== "entries");
  return `[${sides}] ${operands.length} -> ${results.length}: ${[...ops, ...kinds].join(", ")}`;
}

await tf.setBackend("cpu");
for (const model of models.split(",") as ModelName[]) {
  for (const batch of batches.split(",").map(Number)) {
    const full = await times(model, batch, (loop) => loop);
    const moved = await times(model, batch, bare);
    const rows = [
      ...Map.groupBy(
        full.map(({ made, ms }, i) => ({ made, ms, bareMs: moved[i]!.ms })),
        ({ made }) => nameOf(made),
      ),
    ].map(([name, uses]) => ({
      name,
      uses: uses.length,
      ms: uses.reduce((sum, { ms }) => sum + ms, 0),
      bareMs: uses.reduce((sum, { bareMs }) => sum + bareMs, 0),
      made: uses[0]!.made,
    })).sort((a, b) => b.ms - a.ms);
    const sum = (of: (typeof rows)[number][], key: "ms" | "bareMs" = "ms") =>
      of.reduce((total, row) => total + row[key], 0);
    const loops = rows.filter(({ made }) => "loop" in made);
    console.log(
      `${model} ${batch}: ${sum(rows).toFixed(2)} ms, of which loops ${sum(loops).toFixed(2)}, bare ${
        sum(loops, "bareMs").toFixed(2)
      }`,
    );
    for (const { name, uses, ms, bareMs, made } of rows.slice(0, 24)) {
      const facts = "product" in made
        ? `${(uses * flopsOf(made.product) / ms / 1e6).toFixed(0)} GFLOPS`
        : "loop" in made
        ? `${(uses * bytesOf(made.loop) / ms / 1e6).toFixed(0)} GB/s, ${(ms / bareMs).toFixed(2)} x bare`
        : "";
      console.log(
        `  ${(ms * 1e3).toFixed(0).padStart(7)} us ${`${uses} x`.padStart(5)}  ${facts.padEnd(22)}  ${name}`,
      );
    }
  }
}
