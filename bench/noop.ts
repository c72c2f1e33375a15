import { parseArgs } from "node:util";
import { median } from "./race.ts";

/**
 * How long it takes to be told that there is nothing to do: the wall time of `run SPEC` as a whole command, when
 * every stage is cached, typed with Deno installed and through npx. The first run fills the store.
 *
 *     deno task bench:noop [experiments/quick.json] [--runs 10]
 */
const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "10" } },
  allowPositionals: true,
});
const spec = positionals[0] ?? "experiments/quick.json";
const version = Deno.readTextFileSync(".deno-version").trim();
const commands = {
  "deno task run": [Deno.execPath(), "task", "run"],
  [`npx deno@${version} task run`]: ["npx", "--yes", `deno@${version}`, "task", "run"],
};

const filled = await new Deno.Command(Deno.execPath(), { args: ["task", "run", spec] }).spawn().status;
if (!filled.success) Deno.exit(filled.code);
const times = Object.keys(commands).map((): number[] => []);
for (const command of Object.values(commands)) await cachedRun(command); // npx may have to fetch Deno
for (let run = 0; run < Number(values.runs); run++) {
  for (const [i, command] of Object.values(commands).entries()) times[i]!.push(await cachedRun(command));
}
for (const [i, name] of Object.keys(commands).entries()) {
  const [low, high] = [Math.min(...times[i]!), Math.max(...times[i]!)];
  console.log(
    `${name} ${spec}: median ${median(times[i]!).toFixed(0)} ms (${low.toFixed(0)} to ${high.toFixed(0)})`,
  );
}

/** Milliseconds of one run, which must have executed nothing. */
async function cachedRun([program, ...args]: string[]): Promise<number> {
  const begin = performance.now();
  const { code, stdout } = await new Deno.Command(program!, {
    args: [...args, spec, "--json"],
    stderr: "null",
  }).output();
  const ms = performance.now() - begin;
  const events = new TextDecoder().decode(stdout).split("\n").filter((line) => line.startsWith("{"));
  const summary = events.map((line) => JSON.parse(line)).find(({ type }) => type === "summary");
  if (code !== 0 || summary?.executed !== 0) {
    throw new Error(
      `${[program, ...args].join(" ")} ${spec}: status ${code}, ${summary?.executed} stages executed`,
    );
  }
  return ms;
}
