import type { Backend } from "./backend.ts";
import { native } from "./native/backend.ts";
import { portable } from "./portable/backend.ts";
import { webgpu } from "./webgpu/backend.ts";

/** The engines by the name that `--engine` takes. Nothing of them is loaded with this table. */
export const BACKENDS = {
  native,
  portable,
  webgpu,
} satisfies Record<string, Backend>;

/** The name of an engine. */
export type BackendName = keyof typeof BACKENDS;

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
  const { fallback, usable }: Backend = BACKENDS[wanted];
  const reason = await usable();
  if (reason === undefined || fallback === undefined) return { name: wanted };
  return { name: fallback.name as BackendName, notice: fallback.notice(reason) };
}
