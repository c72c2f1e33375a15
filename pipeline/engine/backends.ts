import { type ModuleUrl, moduleUrl } from "../base/module_url.ts";
import type { EngineModule } from "./engine.ts";

/** How the command line and a stage's key name a back end. */
export type BackendName = "native" | "portable";

/** A way of computing what is written in `tf.*` operations. */
export interface Backend {
  /** What it is, in a few words for the command line's help. */
  readonly description: string;
  /** Why it cannot be used on this machine, if it cannot. */
  usable(): Promise<string | undefined>;
  /** Opens it. Whoever loads the module pays for no other back end's. */
  readonly module: ModuleUrl<EngineModule>;
  /** What a process needs to be allowed to open it. */
  readonly permissions: { readonly ffi?: true };
  /** The back end that stands in where this one cannot be used, and what the user is then told. */
  readonly fallback?: { readonly name: BackendName; notice(reason: string): string };
}

/** The engines by name. Nothing of them is loaded with this table. */
export const BACKENDS: Readonly<Record<BackendName, Backend>> = {
  native: {
    description: "ONNX Runtime",
    async usable() {
      const { openLibrary } = await import("./native/ort/library.ts");
      try {
        openLibrary();
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
    module: moduleUrl<typeof import("./native/open.ts")>(new URL("./native/open.ts", import.meta.url)),
    permissions: { ffi: true },
    fallback: {
      name: "portable",
      notice: (reason) =>
        `Using the slow portable engine, because the native one cannot be used here: ${reason}`,
    },
  },
  portable: {
    description: "slow, runs everywhere",
    usable: () => Promise.resolve(undefined),
    module: moduleUrl<typeof import("./portable/open.ts")>(new URL("./portable/open.ts", import.meta.url)),
    permissions: {},
  },
};

/** The names of all back ends. */
export const BACKEND_NAMES = Object.keys(BACKENDS) as BackendName[];

/** The back end of whoever names none. */
export const DEFAULT_BACKEND: BackendName = "native";

/**
 * The back end to work with where `wanted` is asked for: that, or its stand-in with a notice for the user.
 *
 * Ask before anything is planned, because the engine is part of a stage's key: one that were exchanged inside the
 * stage would leave its bytes under the other's key.
 */
export async function usableBackend(wanted: BackendName): Promise<{ name: BackendName; notice?: string }> {
  const { fallback, usable } = BACKENDS[wanted];
  const reason = await usable();
  if (reason === undefined || fallback === undefined) return { name: wanted };
  return { name: fallback.name, notice: fallback.notice(reason) };
}
