import type { Entry } from "../../graph/entrywise.ts";
import { updateKernel } from "../../update/kernel.ts";
import type { Optimiser } from "../../update/rule.ts";
import { STAGED_HEAD } from "../device/messages.ts";
import { moduleOf, spread } from "./kernel.ts";
import { told } from "./record.ts";
import { OPERATIONS } from "./operations.ts";
import { float, Source } from "./source.ts";

/** The kernels of a training step that are not in its graph. Places are entries of the program's memory. */

/** A kernel that is told the number of its step in the submission. */
export interface StepKernel {
  readonly code: string;
  readonly groups: readonly [number, number, number];
}

/** An input whose rows are examples that lie on the GPU, a byte for each number. */
export interface GatheredInput {
  /** Where it goes, and where the table of the 256 values lies. */
  readonly to: number;
  readonly values: number;
  readonly rows: number;
  /** Numbers of one example. */
  readonly size: number;
  /** Where among the numbers that a step is given the rows' examples stand. */
  readonly chosen: number;
}

/** Copies what a step is given to where its inputs lie. @param direct numbers that are copied as they are */
export function loadKernel(
  direct: readonly { readonly from: number; readonly to: number; readonly size: number }[],
  gathered: readonly GatheredInput[],
  staged: number,
  width: number,
): StepKernel {
  const source = new Source();
  let before = 0;
  source.add(`let given = ${STAGED_HEAD}u + ${told(0)} * ${staged}u;`);
  for (const { from, to, size } of direct) {
    source.add(`if (i < ${size}u) { m[${to}u + i] = staged[given + ${from}u + i]; }`);
  }
  for (const { to, values, rows, size, chosen } of gathered) {
    source.block(`if (i < ${rows * size}u)`, () => {
      source.add(`let place = u32(staged[given + ${chosen}u + i / ${size}u]) * ${size}u + i % ${size}u;`);
      source.add(`m[${to}u + i] = m[${values}u + ((examples[place / 4u] >> (8u * (place % 4u))) & 255u)];`);
    });
    before = Math.max(before, rows * size);
  }
  for (const { size } of direct) before = Math.max(before, size);
  const { groups, thread } = spread(Math.max(1, before), width);
  return { code: moduleOf("inputs", `let i = ${thread};\n${source}`, width), groups };
}

/** What an update reads and leaves. */
export interface UpdatePlaces {
  /** Entries of a section of the parameters, and of the gradients. */
  readonly section: number;
  /** The gradients of the first part of the batch; those of the next follow, `section` entries behind. */
  readonly gradients: number;
  readonly parts: number;
  /** Where variables begin in a section, and the group of each, by its number. */
  readonly groups: readonly { readonly from: number; readonly group: number }[];
  /** Where the sum of the first group's squared gradients lies, where they are clipped: `SQUARES_ENTRIES` for each. */
  readonly squares: number;
  /** Where among the numbers that a step is given those of the first group's update stand, the others' behind. */
  readonly numbers: number;
  /** Where the step's scalars lie, one for each part. */
  readonly scalars: readonly number[];
}

/** The number of an entry's group in WGSL; undefined where there is one group alone. */
function groupAt(entry: string, groups: UpdatePlaces["groups"]): string | undefined {
  const turns = groups.filter(({ group }, i) => i > 0 && group !== groups[i - 1]!.group);
  if (turns.length === 0) return undefined;
  return turns.reduce(
    (before, { from, group }) => `select(${before}, ${group}u, ${entry} >= ${from}u)`,
    `${groups[0]!.group}u`,
  );
}

/** Updates all weights, and leaves the step's scalars among the results. */
export function updateEverything(
  optimiser: Optimiser,
  { section, groups: ofVariables, gradients, parts, squares, numbers, scalars }: UpdatePlaces,
  staged: number,
  width: number,
): StepKernel {
  const kernel = updateKernel(optimiser, parts);
  const source = new Source();
  const { groups, thread } = spread(Math.max(1, section), width);
  source.add(`let step = ${told(0)};\nlet given = ${STAGED_HEAD}u + step * ${staged}u;`);
  source.block("if (i == 0u)", () => {
    scalars.forEach((at, n) =>
      source.add(`results[(u32(staged[0]) + step) * ${scalars.length}u + ${n}u] = m[${at}u];`)
    );
  });
  source.add(`if (i >= ${section}u) { return; }`);
  const chosen = groupAt("i", ofVariables);
  if (chosen) source.add(`let chosen = ${chosen};`);
  const ofGroup = (size: number) => chosen ? ` + chosen * ${size}u` : "";
  const operands = [
    ...kernel.sections.map((_, n) => source.let(`p[${n * section}u + i]`)),
    ...Array.from({ length: parts }, (_, part) => source.let(`m[${gradients + part * section}u + i]`)),
    ...kernel.numbers.map((_, n) =>
      source.let(`staged[given + ${numbers + n}u${ofGroup(kernel.numbers.length)}]`)
    ),
  ];
  if (optimiser.clipNorm !== undefined) {
    // The gradients' scale is the first of the numbers, and does not know the norm yet.
    const scale = kernel.sections.length + parts, clip = float(optimiser.clipNorm);
    const norm = source.let(`sqrt(m[${squares}u${ofGroup(SQUARES_ENTRIES)}]) * ${operands[scale]}`);
    operands[scale] = source.let(
      `select(${operands[scale]}, ${operands[scale]} * ${clip} / ${norm}, ${norm} > ${clip})`,
    );
  }
  const steps: string[] = [];
  const read = (entry: Entry) =>
    "operand" in entry
      ? operands[entry.operand]!
      : "step" in entry
      ? steps[entry.step]!
      : float(entry.number);
  for (const { op, entries, attributes } of kernel.steps) {
    steps.push(source.let(OPERATIONS[op]!(entries.map(read), attributes, false)));
  }
  kernel.results.forEach((entry, n) => source.add(`p[${n * section}u + i] = ${read(entry)};`));
  return { code: moduleOf("update", `let i = ${thread};\n${source}`, width), groups };
}

/** Workgroups that add up squares, each a share of them. */
const SHARES = 64;

/** Entries that are needed at `squares` for each group. */
export const SQUARES_ENTRIES = 1 + SHARES;

/** Adds up the squares of each group's gradients, in two kernels: shares, and then all. */
export function squaresKernels(places: UpdatePlaces, width: number): readonly StepKernel[] {
  const numbers = [...new Set(places.groups.map(({ group }) => group))];
  return numbers.flatMap((group) => squaresOfGroup(places, group, width));
}

function squaresOfGroup(
  { section, groups, gradients, parts, squares: first }: UpdatePlaces,
  group: number,
  width: number,
): readonly StepKernel[] {
  const chosen = groupAt("j", groups), squares = first + group * SQUARES_ENTRIES;
  const share = Math.ceil(section / SHARES / width) * width;
  const sum = Array.from({ length: parts }, (_, part) => `m[${gradients + part * section}u + j]`).join(" + ");
  const tree = `shared_sum[local] = sum;
workgroupBarrier();
for (var half = ${width / 2}u; half > 0u; half /= 2u) {
  if (local < half) { shared_sum[local] += shared_sum[local + half]; }
  workgroupBarrier();
}`;
  const before = `var<workgroup> shared_sum: array<f32, ${width}>;`;
  const shares = `var sum = 0f;
for (var j = group.x * ${share}u + local; j < min(${section}u, (group.x + 1u) * ${share}u); j += ${width}u) {
  let g = ${chosen ? `select(0f, ${sum}, ${chosen} == ${group}u)` : sum};
  sum += g * g;
}
${tree}
if (local == 0u) { m[${squares + 1}u + group.x] = shared_sum[0]; }`;
  const all = `var sum = 0f;
for (var j = local; j < ${SHARES}u; j += ${width}u) { sum += m[${squares + 1}u + j]; }
${tree}
if (local == 0u) { m[${squares}u] = shared_sum[0]; }`;
  return [
    { code: moduleOf("squares", shares, width, before), groups: [SHARES, 1, 1] },
    { code: moduleOf("norm", all, width, before), groups: [1, 1, 1] },
  ];
}
