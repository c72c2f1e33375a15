import { openEngine } from "../pipeline/engine/native/open.ts";
import { tf } from "../pipeline/engine/tfjs.ts";
import { fillInputs, SMALL_MODELS, smallModel, type SmallModelName } from "../tests/engine/small_models.ts";

/**
 * Whether training leaks: resident memory halfway and at the end, for small models of
 * every architecture. A second round compiles and disposes of programs. Exit status 1 where it grew by over 5 %.
 *
 *     deno run -A --v8-flags=--expose-gc bench/leak.ts [--steps 20000] [--compilations 2400] [MODEL ...]
 */

const GROWTH = 1.05;

/** Calls `body` so many times; returns resident megabytes halfway and at the end. */
function measure(times: number, body: (i: number) => void): [number, number] {
  const settled: number[] = [];
  for (let i = 1; i <= times; i++) {
    body(i);
    if (i === Math.ceil(times / 2) || i === times) {
      (globalThis as { gc?: () => void }).gc?.();
      settled.push(Deno.memoryUsage().rss / 1e6);
    }
  }
  return [settled[0]!, settled.at(-1)!];
}

async function main(): Promise<number> {
  const options = { steps: 20000, compilations: 2400 };
  const names: SmallModelName[] = [];
  for (let i = 0; i < Deno.args.length; i++) {
    const arg = Deno.args[i]!;
    if (arg === "--steps" || arg === "--compilations") {
      options[arg.slice(2) as keyof typeof options] = Number(Deno.args[++i]);
    } else names.push(arg as SmallModelName);
  }
  const engine = await openEngine("native");
  let status = 0;
  const report = (what: string, [before, after]: [number, number]) => {
    const grew = after > before * GROWTH;
    if (grew) status = 1;
    console.log(`${what}: ${before.toFixed(1)} MB -> ${after.toFixed(1)} MB${grew ? "  GREW" : ""}`);
  };
  for (const name of names.length > 0 ? names : SMALL_MODELS) {
    const { variables, definition } = smallModel(name, 32);
    const parameters = engine.parameters(variables);
    const compile = () =>
      engine.compileStep({
        parameters,
        ...definition,
        optimiser: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: 10 },
      });
    const step = compile();
    fillInputs(step.inputs, 0);
    report(`${name}, ${options.steps} steps`, measure(options.steps, () => step.run(1e-4)));
    step.dispose();
    if (options.compilations > 0) {
      report(
        `${name}, ${options.compilations} compilations`,
        measure(options.compilations, () => {
          const each = compile();
          fillInputs(each.inputs, 0);
          each.run(1e-4);
          each.dispose();
        }),
      );
    }
    tf.dispose(variables);
  }
  engine.dispose();
  return status;
}

Deno.exit(await main());
