import type { VerbTable } from "./line/verb.ts";

/** A verb is loaded when it is called for: a run that finds everything cached takes a blink. */
export const VERBS = {
  run: () => import("./run.ts"),
  sweep: () => import("./sweep/verb.ts"),
  compare: () => import("./compare.ts"),
  paper: () => import("./paper.ts"),
  ls: () => import("./ls.ts"),
  sample: () => import("./sample/verb.ts"),
  serve: () => import("./serve/verb.ts"),
  why: () => import("./why.ts"),
  verify: () => import("./verify/verb.ts"),
  doctor: () => import("./doctor.ts"),
  gc: () => import("./gc.ts"),
} satisfies VerbTable;
