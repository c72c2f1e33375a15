import type { Value } from "../../graph/value.ts";
import { type Profile, SHARED_BYTES } from "../profile.ts";
import { functionsOf } from "./functions.ts";
import { RECORD, told } from "./record.ts";

/** What workgroups do with tensors whose places they are told. All kernels of a program have as many threads. */
export interface GpuKernel {
  /** In a line, for who reads it. */
  readonly what: string;
  /** Statements of the thread `local` of the workgroup `group`. */
  readonly body: string;
  /** A function that the body calls by the name `FINISH`. */
  readonly finish?: { readonly parameters: string; readonly body: string };
  /** Arrays that the threads of a workgroup share. */
  readonly shared: readonly SharedArray[];
  /** What is read, offsets into tensors among it, and what is stored: `at_0`, `at_1` and so on, and `to_0`. */
  readonly reads: readonly (Value | number)[];
  readonly writes: readonly Value[];
  /** As many workgroups along each axis as it needs: a dispatch numbers them. */
  readonly groups: Groups;
}

/** An array of a workgroup; equal names are the same memory. */
export interface SharedArray {
  readonly name: string;
  readonly type: "f32" | "vec4f";
  readonly size: number;
}

/** Workgroups along three axes. */
export type Groups = readonly [number, number, number];

/** How a kernel's body names the function that it brings along. */
export const FINISH = "finish_entry";

/** The memories that every kernel has, and what a dispatch is told. */
const HEAD = `@group(0) @binding(0) var<storage, read_write> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> p: array<f32>;
@group(0) @binding(2) var<storage, read> staged: array<f32>;
@group(0) @binding(3) var<storage, read> examples: array<u32>;
@group(0) @binding(4) var<storage, read_write> results: array<f32>;
@group(0) @binding(5) var<uniform> told: array<vec4u, ${RECORD / 4}>;
`;

/** The whole source of a kernel. @param what for who reads it @param before declarations that the body needs */
export function moduleOf(what: string, body: string, width: number, before = ""): string {
  return `// ${what}
${HEAD}${functionsOf(before + body)}
${before}
@compute @workgroup_size(${width}) fn main(@builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32) {
${body}
}
`;
}

/** What one dispatch does. */
export interface Dispatch {
  readonly code: string;
  readonly groups: Groups;
  /** What the code is told. */
  readonly record: readonly (Value | number)[];
}

/**
 * Kernels none of which needs another, in as few dispatches as can be: a dispatch waits for all of the one before, so
 * many small ones take longer than they compute.
 */
export function dispatchesOf(kernels: readonly GpuKernel[], profile: Profile): Dispatch[] {
  const together: GpuKernel[][] = [];
  for (const kernel of kernels) {
    const last = together.at(-1);
    if (last && last.length < profile.kernelsAtOnce && fits([...last, kernel])) last.push(kernel);
    else together.push([kernel]);
  }
  return together.map((some) => dispatchOf(some, profile.width));
}

const tensorsOf = ({ reads, writes }: GpuKernel) => [...reads, ...writes];

/** Whether one dispatch can do all. */
function fits(kernels: readonly GpuKernel[]): boolean {
  const bytes = sharedBy(kernels).reduce((sum, { type, size }) => sum + size * (type === "f32" ? 4 : 16), 0);
  return bytes <= SHARED_BYTES && kernels.flatMap(tensorsOf).length <= RECORD;
}

/** The arrays that kernels share among their threads: what one has used is the next one's. */
function sharedBy(kernels: readonly GpuKernel[]): SharedArray[] {
  const largest = new Map<string, SharedArray>();
  for (const array of kernels.flatMap(({ shared }) => shared)) {
    if (array.size > (largest.get(array.name)?.size ?? 0)) largest.set(array.name, array);
  }
  return [...largest.values()];
}

function dispatchOf(kernels: readonly GpuKernel[], width: number): Dispatch {
  let before = 0;
  const written = kernels.map(({ body, finish, reads, writes }, n) => {
    const named = [...reads.map((_, i) => `at_${i}`), ...writes.map((_, i) => `to_${i}`)]
      .map((name, i) => `let ${name} = ${told(before + i)};`).join("\n");
    before += reads.length + writes.length;
    const own = `${FINISH}_${n}`;
    return {
      finish: finish ? `fn ${own}(${finish.parameters}) {\n${named}\n${finish.body}\n}` : "",
      body: `${named}\n${body.replaceAll(FINISH, own)}`,
    };
  });
  const shared = sharedBy(kernels).map(({ name, type, size }) =>
    `var<workgroup> ${name}: array<${type}, ${size}>;`
  );
  const functions = [...shared, ...written.map(({ finish }) => finish)].filter((text) => text !== "");
  const what = kernels.map((kernel) => kernel.what).join("; ");
  // Each kernel has workgroups of its own, one behind the other.
  let end = 0;
  const calls = kernels.map(({ groups: [x, y, z] }, n) => {
    const first = end;
    end += x * y * z;
    functions.push(`fn kernel_${n}(group: vec3u, local: u32) {\n${written[n]!.body}\n}`);
    return `if (number < ${end}u) {
let n = number - ${first}u;
kernel_${n}(vec3u(n % ${x}u, n / ${x}u % ${y}u, n / ${x * y}u), local);
}`;
  });
  const { groups, thread: number } = spread(end, 1);
  const body = `let number = ${number};\n${calls.join(" else ")}`;
  return {
    code: moduleOf(what, body, width, functions.join("\n")),
    groups,
    record: kernels.flatMap(tensorsOf),
  };
}

/** The most workgroups along one axis of a dispatch that every adapter takes is 65,535. */
const MOST_GROUPS = 32768;

/** A kernel's workgroups for so many threads, and the WGSL expression of a thread's number. */
export function inARow(threads: number, width: number): { groups: Groups; thread: string } {
  return { groups: [Math.ceil(threads / width), 1, 1], thread: `group.x * ${width}u + local` };
}

/** The same for a whole dispatch, whose axes are limited. */
export function spread(threads: number, width: number): { groups: Groups; thread: string } {
  const count = Math.ceil(threads / width);
  const group = `(group.x + group.y * ${MOST_GROUPS}u)`;
  return {
    groups: [Math.min(count, MOST_GROUPS), Math.ceil(count / MOST_GROUPS), 1],
    thread: width === 1 ? group : `${group} * ${width}u + local`,
  };
}
