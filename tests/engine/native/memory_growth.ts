import { openEngine, optimiser } from "../engines.ts";
import { fillInputs, smallModel, type SmallModelName } from "../small_models.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";

/** Resident megabytes halfway through many repetitions and at their end. */
export interface Growth {
  readonly halfway: number;
  readonly end: number;
}

/** Whether memory grew by more than what a process's heap moves by itself. */
export function grew({ halfway, end }: Growth): boolean {
  return end > halfway * 1.05;
}

/**
 * Trains a small model on the native engine for `steps`, then compiles and disposes of its step `compilations` times.
 * Start the process with `--v8-flags=--expose-gc`, or what is only waiting to be collected counts too.
 */
export async function measureGrowth(
  name: SmallModelName,
  { steps, compilations }: { readonly steps: number; readonly compilations: number },
): Promise<{ readonly training: Growth; readonly compiling: Growth | undefined }> {
  const engine = await openEngine("native");
  const { variables, definition } = smallModel(name, 32);
  const parameters = engine.parameters(variables, optimiser({ name: "adam", clipNorm: 10 }));
  const compile = () => {
    const step = engine.compileStep({ parameters, ...definition });
    fillInputs(step.inputs, 0);
    return step;
  };
  const step = compile();
  const training = measure(steps, () => step.run(1e-4));
  step.dispose();
  const compiling = compilations === 0 ? undefined : measure(compilations, () => {
    const each = compile();
    each.run(1e-4);
    each.dispose();
  });
  engine.dispose();
  tf.dispose(variables);
  return { training, compiling };
}

function measure(times: number, body: () => void): Growth {
  const run = (times: number) => {
    for (let i = 0; i < times; i++) body();
    (globalThis as { gc?: () => void }).gc?.();
    return Deno.memoryUsage().rss / 1e6;
  };
  const half = Math.ceil(times / 2);
  return { halfway: run(half), end: run(times - half) };
}

// As a program of its own, because memory is the process's: prints what training that many steps leaves behind.
if (import.meta.main) {
  const [name, steps] = Deno.args;
  console.log(
    JSON.stringify(await measureGrowth(name as SmallModelName, { steps: Number(steps), compilations: 0 })),
  );
}
