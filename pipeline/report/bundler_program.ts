import { createRequire } from "node:module";
import process from "node:process";

/** The program that `bundleScript` starts. It is found without loading the bundler itself. */
export function bundlerProgram(): string {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("esbuild"));
  return resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
}
