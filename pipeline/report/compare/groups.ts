import { canonicalJson } from "../../formats/canonical_json.ts";
import type { Json } from "../../base/json.ts";
import type { ReportedSpec } from "../reported_spec.ts";
import { axisLabel, type Coordinate, valueLabel } from "../../base/coordinates.ts";
import type { Candidate } from "./candidate.ts";
import type { RunResult } from "./read.ts";
import { withoutSource } from "../reported_spec.ts";

/** A candidate, with its results where it has some. */
export interface Run extends Candidate {
  readonly result: RunResult | undefined;
}

/** Runs that differ in nothing but the seed. */
export interface RunGroup {
  /** Unique in the comparison. */
  readonly label: string;
  /** Where it stands in its sweep, without the seed. */
  readonly coordinates: readonly Coordinate[];
  readonly runs: readonly Run[];
}

/** One line of the table of settings; a value for each group, undefined where it has no such setting. */
export interface Setting {
  readonly path: string;
  readonly values: readonly (Json | undefined)[];
}

/**
 * Gathers runs over seeds. Two runs of the same settings and seed are one run found twice, unless their results
 * differ (those of two versions of the code): then they are in separate groups.
 */
export function groupRuns(runs: readonly Run[]): RunGroup[] {
  const groups: Run[][] = [];
  const bySettings = new Map<string, Run[][]>();
  for (const run of runs) {
    const settings = canonicalJson(settingsOf(run.spec));
    const alike = bySettings.get(settings) ?? [];
    bySettings.set(settings, alike);
    const hasSeed = (other: Run) => other.spec.seed === run.spec.seed;
    if (alike.flat().some((other) => hasSeed(other) && isSameResult(other.result, run.result))) continue;
    const group = alike.find((group) => !group.some(hasSeed));
    if (group) group.push(run);
    else {
      alike.push([run]);
      groups.push(alike.at(-1)!);
    }
  }
  return labelled(groups);
}

/** Everything in which the groups differ, and nothing else. */
export function differingSettings(groups: readonly RunGroup[]): Setting[] {
  const flat = groups.map(({ runs }) => flatten(settingsOf(runs[0]!.spec)));
  const paths = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  return paths
    .map((path) => ({ path, values: flat.map((settings) => settings.get(path)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

/** What can change a measured number, except the seed. */
function settingsOf(
  { dataset, model, objective, kl, training, evaluation, generation }: ReportedSpec,
) {
  return JSON.parse(
    JSON.stringify({
      dataset: withoutSource(dataset),
      model,
      objective,
      kl,
      training,
      evaluation,
      generation,
    }),
  );
}

function isSameResult(a: RunResult | undefined, b: RunResult | undefined): boolean {
  if (!a || !b) return true;
  return canonicalJson(a.metrics) === canonicalJson(b.metrics) &&
    canonicalJson(a.curves) === canonicalJson(b.curves);
}

function labelled(groups: readonly Run[][]): RunGroup[] {
  const origins = new Set(groups.flat().map(({ origin }) => origin));
  const plain = groups.map((runs) => {
    const { coordinates, name } = runs[0]!;
    const own = coordinates.filter(({ axis }) => axis !== "seed");
    const axes = own.map(({ axis }) => axis);
    const words = own.map(({ axis, value }) =>
      axis === "case" || axis === "base" ? valueLabel(value) : `${axisLabel(axis, axes)} ${valueLabel(value)}`
    );
    return { label: words.join(", ") || name, coordinates: own, runs };
  });
  const labels = plain.map(({ label }) => label);
  const isTwice = (label: string) => labels.indexOf(label) !== labels.lastIndexOf(label);
  const taken = new Set<string>();
  return plain.map((group) => {
    const { origin } = group.runs[0]!;
    let label = isTwice(group.label) && origins.size > 1 ? `${origin}: ${group.label}` : group.label;
    for (let i = 2; taken.has(label); i++) label = `${group.label} (${i})`;
    taken.add(label);
    return { ...group, label };
  });
}

/** `model.encoder.units` -> value; lists are values. */
function flatten(value: Json, path = ""): Map<string, Json> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap((
      [key, inside],
    ) => [...flatten(inside, path === "" ? key : `${path}.${key}`)]),
  );
}
