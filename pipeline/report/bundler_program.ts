import { fileURLToPath } from "node:url";
import process from "node:process";

/**
 * The program that `bundleScript` starts, among the packages of the project: where a program of a user's has a
 * configuration of its own, its packages may be elsewhere, and a stage has these.
 */
export function bundlerProgram(): string {
  const bundler = Deno.realPathSync(fileURLToPath(new URL("../../node_modules/esbuild", import.meta.url)));
  return Deno.realPathSync(`${bundler}/../@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
}
