import type { Progress } from "../base/progress.ts";
import type { Difference } from "./explain.ts";

/** Why a stage has to run, or would have to. */
export type Reason =
  | { readonly kind: "never-ran" }
  | { readonly kind: "changed"; readonly differences: readonly Difference[] }
  /** Its key is that of an earlier run whose result the store no longer holds, or not whole. */
  | { readonly kind: "lost"; readonly problem: string }
  /** Known before the run only: what the spec names cannot be read, so it would fail. */
  | { readonly kind: "unreadable"; readonly problem: string }
  /** Known before the run only: these stages will run first, and what they make decides. */
  | {
    readonly kind: "upstream";
    readonly stages: readonly string[];
    readonly differences: readonly Difference[];
  };

/** What the runner tells while it works: `--json` prints these, one on a line. */
export type RunEvent = Where & EventBody;

interface Where {
  readonly experiment: string;
  readonly stage: string;
  readonly key: string;
}

type EventBody =
  /** It waits in the queue of a cluster, for what `text` says in the cluster's words. */
  | { readonly type: "queued"; readonly text: string }
  /** `on` names the node of a cluster and the job that it is there. */
  | { readonly type: "start"; readonly reason: Reason; readonly on?: string }
  | ({ readonly type: "progress" } & Progress)
  | { readonly type: "notice"; readonly message: string }
  /** Another process works on the same key. */
  | { readonly type: "waiting"; readonly pid: number | null; readonly since: string | null }
  | { readonly type: "cached"; readonly from: "store" | "remote" }
  | { readonly type: "finished"; readonly seconds: number }
  /** `message` says why, where a user can mend it. */
  | { readonly type: "failed"; readonly message?: string };
