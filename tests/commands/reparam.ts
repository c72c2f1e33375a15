import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import type { Finished } from "./toy.ts";

/** Runs the real command line. @param where the folder to run it in, and what its environment is changed by */
export async function reparam(
  args: readonly string[],
  where: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<Finished> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `--config=${ROOT}/deno.json`, join(ROOT, "pipeline/main.ts"), ...args],
    cwd: ROOT,
    ...where,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
