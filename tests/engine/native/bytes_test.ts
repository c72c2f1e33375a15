import assert from "node:assert/strict";
import { SMALL_MODELS } from "../small_models.ts";

/** The digest that `train_digest.ts` prints, of a training in a process of its own. */
async function digest(args: string[], only?: string): Promise<string> {
  const deno = [
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    new URL("./train_digest.ts", import.meta.url).pathname,
  ];
  const [program, ...rest] = [...(only === undefined ? [] : ["taskset", "-c", only]), ...deno, ...args];
  const { code, stdout, stderr } = await new Deno.Command(program!, { args: rest }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

const hasTaskset = Deno.build.os === "linux" &&
  await new Deno.Command("taskset", { args: ["--version"], stdout: "null" }).output().then(
    () => true,
    () => false,
  );

for (const model of SMALL_MODELS) {
  for (const parts of ["1", "2"]) {
    Deno.test({
      name: `training a ${model} autoencoder in ${parts} part(s) gives the same bytes on one core and on all`,
      ignore: !hasTaskset,
      fn: async () => {
        const [all, again, one] = await Promise.all([
          digest([model, parts]),
          digest([model, parts]),
          digest([model, parts], "0"),
        ]);
        assert.match(all!, /^[0-9a-f]{64} two threads$/);
        assert.equal(again, all);
        assert.equal(one, all!.replace("two threads", "one thread"));
      },
    });
  }
}
