import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fillSweep, writeSweep } from "./pipeline/cached_sweep.ts";
import { expectNoOp, interleaved, measure } from "./pipeline/timing.ts";

/**
 * How long a sweep of 1,000 cells takes when all of them are cached: the wall time of the whole command, its page
 * included, and that of `--dry-run`.
 *
 *     deno task bench:sweep [--rounds 5] [--keep]
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, keep: { type: "boolean", default: false } },
});
const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
await Deno.mkdir(`${root}/artifacts`, { recursive: true });
const folder = await Deno.makeTempDir({ dir: `${root}/artifacts`, prefix: "bench-" });
try {
  const places = [`--artifacts=${folder}/store`, `--reports=${folder}/reports`];
  const reparam = (...args: string[]) =>
    measure(Deno.execPath(), ["run", "-A", "pipeline/main.ts", ...args, ...places], { cwd: root });
  await reparam("run", "experiments/quick.json");
  const sweep = `${folder}/thousand.json`;
  writeSweep(root, sweep);
  await fillSweep(root, `${folder}/store`, sweep);
  await reparam("sweep", sweep); // writes the reports
  await new Promise((resolve) => setTimeout(resolve, 2000)); // a digest of a file that is this new is not kept
  const times = await interleaved(
    new Map([
      ["sweep", expectNoOp(/1000 done\. Nothing had to be executed/, () => reparam("sweep", sweep))],
      ["sweep --dry-run", expectNoOp(/1000 cached, 0 would run/, () => reparam("sweep", sweep, "--dry-run"))],
    ]),
    Number(values.rounds),
  );
  for (const [name, seconds] of times) console.log(`${name}, 1,000 cells: ${seconds.toFixed(2)} s`);
  const { size } = await Deno.stat(`${folder}/reports/thousand/index.html`);
  console.log(`its page: ${(size / 1e6).toFixed(2)} MB`);
} finally {
  if (values.keep) console.log(`Kept: ${folder}`);
  else await Deno.remove(folder, { recursive: true });
}
