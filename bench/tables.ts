import type { ModelName } from "./models.ts";
import { settingText } from "./contestant.ts";
import type { Trial } from "./race.ts";

export interface CaseResult {
  readonly model: ModelName;
  readonly batch: number;
  /** Floating-point operations per second of ONNX Runtime's matrix product on two threads, where it is there. */
  readonly productRate: number | undefined;
  /** The model's own operations in one step. */
  readonly flops: number;
  readonly contestants: readonly ContestantResult[];
}

export interface ContestantResult {
  readonly name: string;
  /** Settings that were tried, the fastest first; none where there is only one. */
  readonly trials: readonly Trial[];
  /** The race of the fastest setting; absent where none could take part. */
  readonly raced?: {
    readonly version: string;
    readonly setting: string;
    /** Milliseconds per step: median, fastest and slowest round. */
    readonly ms: number;
    readonly low: number;
    readonly high: number;
    readonly compileMs: number;
    /** Peak resident memory in MB. */
    readonly memory: number | undefined;
  };
}

/** The results as Markdown. */
export function tables(results: readonly CaseResult[]): string {
  const names = results[0]!.contestants.map(({ name }) => name);
  const versions = new Set(
    results.flatMap(({ contestants }) => contestants.map(({ raced }) => raced?.version)),
  );
  return [
    `Versions: ${[...versions].filter((version) => version).join(", ")}; Deno ${Deno.version.deno}; ` +
    `${navigator.hardwareConcurrency} cores; ${Deno.build.os} ${Deno.build.arch}.`,
    "Milliseconds per step: median (fastest to slowest round).",
    table(
      [
        "model",
        "batch",
        ...names,
        `fastest peer / ${names[0]}`,
        ...names.slice(1).map((name) => `${name} / ${names[0]}`),
      ],
      results.map(timeRow),
    ),
    ...means(results),
    // The rate is ONNX Runtime's, which is not everywhere.
    ...(results.some(({ productRate }) => productRate !== undefined)
      ? [
        "Floating-point operations of the model per second, as a share of the machine's rate of matrix products.",
        table(["model", "batch", "GFLOP per step", "product rate, GFLOPS", ...names], results.map(shareRow)),
      ]
      : []),
    "Building the program until the first step has run, in seconds (Reparam: opening, tracing, session).",
    table(
      ["model", "batch", ...names],
      results.map((result) => {
        return cells(result, ({ raced }) => raced && (raced.compileMs / 1e3).toFixed(2));
      }),
    ),
    "Peak resident memory, in MB.",
    table(
      ["model", "batch", ...names],
      results.map((result) => {
        return cells(result, ({ raced }) => raced?.memory?.toFixed(0));
      }),
    ),
    "Settings tried (milliseconds per step, MB), the fastest first.",
    ...results.flatMap(({ model, batch, contestants }) => {
      return contestants.flatMap(({ name, trials }) => {
        if (trials.length === 0) return [];
        return [`- ${model} ${batch} ${name}: ${trials.map(trialText).join("; ")}`];
      });
    }),
  ].join("\n\n");
}

function timeRow(result: CaseResult): string[] {
  const ratio = (peer: number | undefined) => {
    const own = result.contestants[0]!.raced?.ms;
    return own && peer ? (peer / own).toFixed(2) : "";
  };
  const text = ({ raced }: ContestantResult) => {
    return raced && `${number(raced.ms)} (${number(raced.low)} to ${number(raced.high)})`;
  };
  return [
    ...cells(result, text),
    ratio(fastestPeer(result)),
    ...result.contestants.slice(1).map(({ raced }) => ratio(raced?.ms)),
  ];
}

function shareRow(result: CaseResult): string[] {
  const share = ({ raced }: ContestantResult) => {
    return raced && result.productRate
      ? (result.flops / raced.ms * 1e3 / result.productRate).toFixed(2)
      : undefined;
  };
  const [model, batch, ...shares] = cells(result, share);
  return [
    model!,
    batch!,
    (result.flops / 1e9).toFixed(2),
    result.productRate ? (result.productRate / 1e9).toFixed(0) : "",
    ...shares,
  ];
}

/** How many times as fast as its peers the first contestant is, over all cases. */
function means(results: readonly CaseResult[]): string[] {
  const [own, ...peers] = results[0]!.contestants.map(({ name }) => name);
  const mean = (peer: string, times: (result: CaseResult) => number | undefined) => {
    const ratios = results.map((result) => (times(result) ?? NaN) / (result.contestants[0]!.raced?.ms ?? NaN))
      .filter((ratio) => !Number.isNaN(ratio));
    if (ratios.length === 0) return [];
    const geometric = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    return [
      `${peer} / ${own}: geometric mean ${geometric.toFixed(2)}, least ${Math.min(...ratios).toFixed(2)}, ` +
      `over ${ratios.length} cases.`,
    ];
  };
  return [
    ...mean("Fastest peer", fastestPeer),
    ...peers.flatMap((peer) =>
      mean(peer, ({ contestants }) => contestants.find(({ name }) => name === peer)?.raced?.ms)
    ),
  ];
}

function fastestPeer({ contestants }: CaseResult): number | undefined {
  const peers = contestants.slice(1).flatMap(({ raced }) => raced ? [raced.ms] : []);
  return peers.length > 0 ? Math.min(...peers) : undefined;
}

function cells(
  { model, batch, contestants }: CaseResult,
  text: (contestant: ContestantResult) => string | undefined,
): string[] {
  return [model, `${batch}`, ...contestants.map((contestant) => text(contestant) ?? "absent")];
}

function trialText({ setting, ms, memory, absent }: Trial): string {
  const label = settingText(setting) || "no settings";
  if (absent !== undefined) return `${label}: absent (${absent})`;
  return `${label}: ${number(ms!)}${memory === undefined ? "" : ` (${memory.toFixed(0)})`}`;
}

function number(ms: number): string {
  return ms < 100 ? ms.toPrecision(3) : ms.toFixed(0);
}

function table(header: readonly string[], rows: readonly string[][]): string {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
