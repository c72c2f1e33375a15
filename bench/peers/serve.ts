import { type Case, readTensors } from "../case.ts";
import type { Setting } from "../contestant.ts";
import { encodeSafetensors, type FloatTensor } from "../../pipeline/formats/safetensors.ts";

/** The line protocol of `peer.py`, for contestants in TypeScript. */
export type Configuration = Case & { readonly setting: Setting };
export type Tensors = Readonly<Record<string, FloatTensor>>;

export interface Trainer {
  readonly version: string;
  /** Where building the program can be told from its first step. */
  readonly compileMs?: number;
  train(steps: number): void | Promise<void>;
  /** Gradients of one batch, and the losses of four steps on it, from these weights. */
  check(weights: Tensors, x: Float32Array, noise: Float32Array): { gradients: Tensors; losses: number[] };
}

export async function serve(
  make: (configuration: Configuration, data: Tensors) => Promise<Trainer>,
): Promise<never> {
  const configuration: Configuration = JSON.parse(Deno.args[0]!);
  const data = await readTensors(configuration.data);
  const begin = performance.now();
  const trainer = await make(configuration, data);
  await trainer.train(1);
  reply({ version: trainer.version, compileMs: trainer.compileMs ?? performance.now() - begin });
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [command, argument] = line.split(" ") as [string, string];
      if (command === "run") {
        const steps = Number(argument);
        const start = performance.now();
        await trainer.train(steps);
        reply({ msPerStep: (performance.now() - start) / steps });
      } else if (command === "check") {
        const { data: x, shape } = data["x"]!;
        const first = x.subarray(0, configuration.batch * shape[1]!);
        const { gradients, losses } = trainer.check(
          await readTensors(configuration.weights),
          first,
          data["noise"]!.data,
        );
        await Deno.writeFile(argument, encodeSafetensors(gradients));
        reply({ losses });
      } else {
        throw new Error(`unknown command ${command}`);
      }
    }
  }
  Deno.exit(0);
}

function reply(fields: Record<string, unknown>): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(fields) + "\n"));
}
