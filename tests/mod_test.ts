import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { uncheckedProject } from "../pipeline/stages/type_check.ts";
import { Store } from "../pipeline/store/store.ts";
import { ROOT } from "./graph/toy_project.ts";
import { temporaryFolder } from "./store/temporary.ts";
import { fences } from "./support/markdown.ts";

/** The examples in the documentation of what `pipeline/mod.ts` exports. */

interface Example {
  /** The declaration that it is an example of. */
  readonly of: string;
  readonly code: string;
}

const EXAMPLES = sources().flatMap(examplesIn);

/** The files that `mod.ts` takes its exports from. */
function sources(): string[] {
  const text = Deno.readTextFileSync(join(ROOT, "pipeline/mod.ts"));
  const files = Array.from(text.matchAll(/ from "(\.[^"]+)"/g), ([, file]) => file!);
  return [...new Set(files)].map((file) => Deno.readTextFileSync(join(ROOT, "pipeline", file)));
}

function examplesIn(source: string): Example[] {
  const documented = /\/\*\*((?:(?!\*\/).)*@example.*?)\*\/\s*(?:\/\/[^\n]*\n)*export \w+ (\w+)/gs;
  return Array.from(source.matchAll(documented)).flatMap(([, comment, of]) =>
    fences(comment!.replaceAll(/^ \* ?/gm, ""))
      .filter(({ language, marks }) => language === "ts" && !marks.includes("ignore"))
      .map(({ text }) => ({ of: of!, code: `${text}\n` }))
  );
}

Deno.test("the examples of what mod.ts exports have sound types, and do what they say", async (t) => {
  assert.ok(EXAMPLES.length > 50);
  await using folder = await temporaryFolder();
  const files = EXAMPLES.map(({ of }, i) => join(folder.path, `${i + 1}_${of}.ts`));
  for (const [i, { code }] of EXAMPLES.entries()) Deno.writeTextFileSync(files[i]!, code);
  // What they import is held to its types by the gate.
  using store = await Store.open(join(folder.path, "artifacts"));
  const project = uncheckedProject(ROOT, store);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", `--config=${ROOT}/deno.json`, `--import-map=${project}/deno.json`, ...files],
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  for (const [i, { of }] of EXAMPLES.entries()) {
    await t.step(of, async () => {
      await import(pathToFileURL(files[i]!).href);
    });
  }
});
