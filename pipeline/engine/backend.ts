import type { ModuleUrl } from "../base/module_url.ts";
import type { EngineModule } from "./engine.ts";

/**
 * What is known of a back end before its code is loaded: a way of computing what is written in `tf.*` operations.
 *
 * @example
 * ```ts
 * import { type Backend, type EngineModule, moduleUrl } from "reparam";
 *
 * export const cluster = {
 *   description: "a far machine",
 *   usable: () => Promise.resolve(Deno.env.has("CLUSTER") ? undefined : "CLUSTER is not set"),
 *   module: moduleUrl<EngineModule>(new URL("./open.ts", import.meta.url)),
 *   permissions: {},
 * } satisfies Backend;
 * ```
 */
export interface Backend {
  /** What it is, in a few words for the command line's help. */
  readonly description: string;
  /** Why it cannot be used on this machine, as the end of a sentence; undefined where it can. */
  usable(): Promise<string | undefined>;
  /** What it computes on here, for who asks what this machine has: the name of a GPU. */
  device?(): Promise<string>;
  /** Opens it. Whoever loads the module pays for no other back end's. */
  readonly module: ModuleUrl<EngineModule>;
  /**
   * What a process needs to be allowed to open it: `ffi` to call a library of the system, `env` to read and to set
   * variables of its environment.
   */
  readonly permissions: { readonly ffi?: true; readonly env?: readonly string[] };
  /** Whether it computes on a GPU: a cluster is asked for one, and it is the node that must be able to use it. */
  readonly gpu?: true;
  /** Whether it calls tfjs as it goes, and so knows every operation: any other traces a model first. */
  readonly callsTfjs?: true;
  /** What stands in where this one cannot be used. Without one, opening it tells the user why not. */
  readonly fallback?: BackendFallback;
}

/** The back end that stands in for another one. */
export interface BackendFallback {
  /** Its name in the table. */
  readonly name: string;
  /** What the user is told: a sentence. @param reason why the other one cannot be used */
  notice(reason: string): string;
}
