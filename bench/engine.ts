import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Case, writeCase } from "./case.ts";
import { check } from "./check.ts";
import { Absent, Contestant, settingText } from "./contestant.ts";
import { contestants as cpuContestants, gpuContestants, kernelContestants, product } from "./contestants.ts";
import { productFlops, stepFlops } from "./flops.ts";
import { type ModelName, modelNames } from "./models.ts";
import { fastest, median, race, type Trial } from "./race.ts";
import { type SweepRates, sweepRates } from "./sweep.ts";
import { type CaseResult, type ContestantResult, tables } from "./tables.ts";

/**
 * The benchmark of the engine against its peers. See README.md.
 *
 *     deno task bench:engine [--models dense,conv] [--batches 32] [--only Reparam,JAX] [--rounds 9]
 *     deno task bench:engine --check     the contestants compute the same
 *     deno task bench:engine --gpu       on a GPU, also with --check
 *     deno task bench:engine --kernels --check   kernels made for a GPU, on any adapter
 *     deno task bench:engine --sweep     two trainings at once against one after the other
 */

async function raceCase(
  model: ModelName,
  batch: number,
  rounds: number,
): Promise<CaseResult> {
  const files = await writeCase(folder, model, batch);
  const racers = new Map<string, Contestant>();
  const trials = new Map<string, Trial[]>();
  const named = [...Map.groupBy(contestants(model), ({ name }) => name)].filter(([name]) => wanted(name));
  // Where nobody is to be raced against itself all can start at once.
  const started = named.every(([, entries]) => entries.length === 1)
    ? await Promise.all(named.map(([, entries]) => fastest(entries, files)))
    : undefined;
  for (const [i, [name, entries]] of named.entries()) {
    const chosen = started?.[i] ?? await fastest(entries, files);
    trials.set(name, chosen.trials);
    if (chosen.winner) racers.set(name, chosen.winner);
    note(
      model,
      batch,
      name,
      chosen.winner
        ? `starts ${settingText(chosen.winner.entry.setting)}`.trim()
        : `absent: ${chosen.trials[0]!.absent}`,
    );
  }
  const machine = await machineProduct(files);
  const raced = await race(
    new Map([...racers, ...machine ? [[product.name, machine] as const] : []]),
    rounds,
  );
  await machine?.stop();

  const results: ContestantResult[] = [];
  for (const [name, tried] of trials) {
    const contestant = racers.get(name);
    if (!contestant) {
      results.push({ name, trials: tried });
      continue;
    }
    const own = raced.get(name)!;
    if ("absent" in own) {
      note(model, batch, name, `absent: ${own.absent}`);
      results.push({
        name,
        trials: [{ setting: contestant.entry.setting, absent: own.absent }, ...tried.slice(1)],
      });
      await contestant.stop();
      continue;
    }
    const { times } = own;
    const ran = {
      version: contestant.version,
      setting: settingText(contestant.entry.setting),
      ms: median(times),
      low: Math.min(...times),
      high: Math.max(...times),
      compileMs: contestant.compileMs,
      memory: contestant.peakMemory(),
    };
    note(model, batch, name, `${ran.ms.toFixed(2)} ms`);
    results.push({ name, trials: tried, raced: ran });
    await contestant.stop();
  }
  const rate = machine && raced.get(product.name)!;
  const productRate = rate && "times" in rate ? productFlops / median(rate.times) * 1e3 : undefined;
  return { model, batch, productRate, flops: stepFlops(model, batch), contestants: results };
}

/** The machine's rate of products; undefined where its library is not there. */
async function machineProduct(files: Case): Promise<Contestant | undefined> {
  try {
    return await Contestant.start(product, files);
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    return undefined;
  }
}

function note(model: ModelName, batch: number, name: string, text = ""): void {
  console.error(`${model} ${batch} ${name}: ${text}`);
}

const { values } = parseArgs({
  options: {
    models: { type: "string", default: modelNames.join() },
    batches: { type: "string", default: "32,128" },
    only: { type: "string" },
    rounds: { type: "string", default: "9" },
    check: { type: "boolean", default: false },
    sweep: { type: "boolean", default: false },
    gpu: { type: "boolean", default: false },
    kernels: { type: "boolean", default: false },
  },
});
const contestants = values.kernels ? kernelContestants : values.gpu ? gpuContestants : cpuContestants;
const folder = "artifacts/bench";
mkdirSync(folder, { recursive: true });
const models = chosen("models", values.models, modelNames);
const names = [...new Set(modelNames.flatMap((model) => contestants(model).map(({ name }) => name)))];
const only = values.only === undefined ? names : chosen("only", values.only, names);
const batches = values.batches.split(",").map((text) => count("batches", text));
const rounds = count("rounds", values.rounds);
const cases = models.flatMap((model) => batches.map((batch) => [model, batch] as const));
const wanted = (name: string) => only.includes(name);

function chosen<T extends string>(option: string, list: string, allowed: readonly T[]): T[] {
  const unknown = list.split(",").find((name) => !allowed.includes(name as T));
  if (unknown !== undefined) refuse(`--${option} knows no "${unknown}": it takes ${allowed.join(", ")}`);
  return allowed.filter((name) => list.split(",").includes(name));
}

function count(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) refuse(`--${option} takes whole numbers from 1 up, not "${text}"`);
  return Number(text);
}

function refuse(message: string): never {
  console.error(message);
  Deno.exit(2);
}

if (values.check) {
  let agree = true;
  for (const [model, batch] of cases) {
    const entries = contestants(model).filter(({ name }) => wanted(name));
    agree = await check(entries, await writeCase(folder, model, batch), folder) && agree;
  }
  Deno.exit(agree ? 0 : 1);
}

if (values.sweep) {
  for (const [model, batch] of cases) {
    const [reparam] = contestants(model);
    const rates: SweepRates = await sweepRates(reparam!, await writeCase(folder, model, batch), rounds);
    console.log(
      `${model} ${batch}: together ${rates.together.toFixed(1)}, in turn ${
        rates.inTurn.toFixed(1)
      } steps/s, ` +
        `${(rates.together / rates.inTurn).toFixed(2)} times`,
    );
  }
  Deno.exit(0);
}

const results: CaseResult[] = [];
for (const [model, batch] of cases) {
  results.push(await raceCase(model, batch, rounds));
  // After each case: a run of all takes long.
  Deno.writeTextFileSync(`${folder}/engine.json`, JSON.stringify(results, null, 2));
}
console.log(tables(results));
