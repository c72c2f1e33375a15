import { parseArgs } from "node:util";
import { grew, type Growth, measureGrowth } from "../tests/engine/native/memory_growth.ts";
import { SMALL_MODELS, type SmallModelName } from "../tests/engine/small_models.ts";

/**
 * Whether training leaks: resident memory halfway and at the end, for small models of every architecture, over
 * many steps and then over many compilations. Exit status 1 where it grew.
 *
 *     deno run -A --v8-flags=--expose-gc bench/leak.ts [--steps 20000] [--compilations 2400] [MODEL ...]
 */
const { values, positionals } = parseArgs({
  options: {
    steps: { type: "string", default: "20000" },
    compilations: { type: "string", default: "2400" },
  },
  allowPositionals: true,
});

let status = 0;
function report(what: string, growth: Growth | undefined): void {
  if (growth === undefined) return;
  if (grew(growth)) status = 1;
  const { halfway, end } = growth;
  console.log(`${what}: ${halfway.toFixed(1)} MB -> ${end.toFixed(1)} MB${grew(growth) ? "  GREW" : ""}`);
}

for (const name of positionals.length > 0 ? positionals as SmallModelName[] : SMALL_MODELS) {
  const counts = { steps: Number(values.steps), compilations: Number(values.compilations) };
  const { training, compiling } = await measureGrowth(name, counts);
  report(`${name}, ${counts.steps} steps`, training);
  report(`${name}, ${counts.compilations} compilations`, compiling);
}
Deno.exit(status);
