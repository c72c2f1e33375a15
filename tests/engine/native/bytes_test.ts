import assert from "node:assert/strict";
import { SMALL_MODELS } from "../small_models.ts";

/** What `train_digest.ts` prints of trainings in 1 part and in 2, in a process of their own, by the model. */
async function digests(models: readonly string[], only?: string): Promise<Record<string, string[]>> {
  const deno = [
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    new URL("./train_digest.ts", import.meta.url).pathname,
  ];
  const [program, ...rest] = [...(only === undefined ? [] : ["taskset", "-c", only]), ...deno, ...models];
  const { code, stdout, stderr } = await new Deno.Command(program!, { args: rest }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assert.equal(lines.length, 2 * models.length);
  return Object.fromEntries(models.map((model, i) => [model, lines.slice(2 * i, 2 * i + 2)]));
}

const hasTaskset = Deno.build.os === "linux" &&
  await new Deno.Command("taskset", { args: ["--version"], stdout: "null" }).output().then(
    () => true,
    () => false,
  );

/** All models in one process, one behind the other, on all cores and on one. */
let together: Promise<Record<string, string[]>[]> | undefined;

for (const model of SMALL_MODELS) {
  Deno.test({
    name: `training a ${model} autoencoder, in 1 part and in 2, gives the same bytes on one core and on all`,
    ignore: !hasTaskset,
    fn: async () => {
      together ??= Promise.all([digests(SMALL_MODELS), digests(SMALL_MODELS, "0")]);
      const all = (await digests([model]))[model]!;
      const [again, one] = (await together).map((each) => each[model]);
      for (const line of all) assert.match(line, /^[0-9a-f]{64} two threads$/);
      assert.deepEqual(again, all);
      assert.deepEqual(one, all.map((line) => line.replace("two threads", "one thread")));
    },
  });
}
