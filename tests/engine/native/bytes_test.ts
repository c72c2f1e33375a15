import assert from "node:assert/strict";
import { SMALL_MODELS } from "../small_models.ts";

/** The digests that `train_digest.ts` prints, of trainings in 1 part and in 2, in a process of their own. */
async function digests(model: string, only?: string): Promise<string[]> {
  const deno = [
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    new URL("./train_digest.ts", import.meta.url).pathname,
  ];
  const [program, ...rest] = [
    ...(only === undefined ? [] : ["taskset", "-c", only]),
    ...deno,
    model,
    "1",
    "2",
  ];
  const { code, stdout, stderr } = await new Deno.Command(program!, { args: rest }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}

const hasTaskset = Deno.build.os === "linux" &&
  await new Deno.Command("taskset", { args: ["--version"], stdout: "null" }).output().then(
    () => true,
    () => false,
  );

for (const model of SMALL_MODELS) {
  Deno.test({
    name: `training a ${model} autoencoder, in 1 part and in 2, gives the same bytes on one core and on all`,
    ignore: !hasTaskset,
    fn: async () => {
      const [all, again, one] = await Promise.all([digests(model), digests(model), digests(model, "0")]);
      assert.equal(all!.length, 2);
      for (const line of all!) assert.match(line, /^[0-9a-f]{64} two threads$/);
      assert.deepEqual(again, all);
      assert.deepEqual(one, all!.map((line) => line.replace("two threads", "one thread")));
    },
  });
}
