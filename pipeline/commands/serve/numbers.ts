import { METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { KIND_MEASURES } from "../../kinds/measures.ts";
import { MEASURES } from "../../report/compare/measures.ts";

/** What a report's numbers are called, in the order of a comparison. */
export interface NumberName {
  readonly short: string;
  /** In full, with the unit. */
  readonly name: string;
}

/** A number of a report. */
export interface Shown {
  readonly value: number;
  /** As a comparison writes it. */
  readonly words: string;
}

const ALL = [...MEASURES, ...Object.values(KIND_MEASURES).flat()];

/** Everything that a comparison would tell of a report. */
export const NUMBER_NAMES: readonly NumberName[] = ALL.map(({ short, name, unit }) => ({
  short,
  name: unit === "" ? name : `${name} (${unit})`,
}));

/** The numbers in a report's folder, by the short names of their columns; none where its metrics are missing or damaged. */
export function numbersIn(folder: string): Readonly<Record<string, Shown>> {
  try {
    const metrics = METRICS_JSON.decode(Deno.readFileSync(`${folder}/metrics.json`));
    return Object.fromEntries(ALL.flatMap((measure) => {
      const value = valueOf(() => measure.value({ metrics }));
      return value === undefined ? [] : [[measure.short, { value, words: measure.show(value) }]];
    }));
  } catch {
    return {};
  }
}

/** A report of an earlier version may lack what a measure reads. */
function valueOf(read: () => number | undefined): number | undefined {
  try {
    const value = read();
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
