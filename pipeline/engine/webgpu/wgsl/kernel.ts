import type { Value } from "../../graph/value.ts";
import { functionsOf } from "./functions.ts";
import { RECORD } from "./record.ts";

/** A kernel over tensors whose places it is told at each dispatch. */
export interface GpuKernel {
  readonly code: string;
  /** What it reads, offsets into tensors among them, and then what it stores. */
  readonly reads: readonly (Value | number)[];
  readonly writes: readonly Value[];
  readonly groups: readonly [number, number, number];
}

/** The memories that every kernel has, and what a dispatch is told. */
const HEAD = `@group(0) @binding(0) var<storage, read_write> m: array<f32>;
@group(0) @binding(1) var<storage, read_write> p: array<f32>;
@group(0) @binding(2) var<storage, read> staged: array<f32>;
@group(0) @binding(3) var<storage, read> examples: array<u32>;
@group(0) @binding(4) var<storage, read_write> results: array<f32>;
@group(0) @binding(5) var<uniform> told: array<vec4u, ${RECORD / 4}>;
`;

/** The whole source of a kernel. @param what for who reads it @param before declarations that the body needs */
export function moduleOf(what: string, body: string, size: number, before = ""): string {
  return `// ${what}
${HEAD}${functionsOf(before + body)}
${before}
@compute @workgroup_size(${size}) fn main(@builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32) {
${body}
}
`;
}

/** The most workgroups along one axis of a dispatch that every adapter takes is 65,535. */
export const MOST_GROUPS = 32768;

/** Workgroups for so many threads, and the WGSL expression of a thread's number. */
export function spread(threads: number, width: number): { groups: [number, number, number]; thread: string } {
  const count = Math.ceil(threads / width);
  return {
    groups: [Math.min(count, MOST_GROUPS), Math.ceil(count / MOST_GROUPS), 1],
    thread: `(group.x + group.y * ${MOST_GROUPS}u) * ${width}u + local`,
  };
}
