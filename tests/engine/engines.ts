import { BACKEND_NAMES, type BackendName, BACKENDS, usableBackend } from "../../pipeline/engine/backends.ts";
import type { Backend } from "../../pipeline/engine/backend.ts";
import type { Engine, EngineModule } from "../../pipeline/engine/engine.ts";
import { updateRule as adam } from "../../pipeline/engine/update/optimisers/adam.ts";
import { updateRule as adamw } from "../../pipeline/engine/update/optimisers/adamw.ts";
import { updateRule as sgd } from "../../pipeline/engine/update/optimisers/sgd.ts";
import type { OptimiserModule } from "../../pipeline/engine/update/optimisers/optimiser.ts";
import type { Optimiser } from "../../pipeline/engine/update/rule.ts";

/** Why some back ends cannot be used on this machine, where nothing stands in for them: a GPU is not everywhere. */
const ABSENT: ReadonlyMap<BackendName, string> = new Map(
  (await Promise.all(BACKEND_NAMES.map(async (name) => {
    const { fallback, usable }: Backend = BACKENDS[name];
    const reason = fallback === undefined ? await usable() : undefined;
    return reason === undefined ? [] : [[name, reason] as const];
  }))).flat(),
);

/** A test that is ignored, and says why, where the back end cannot be used. */
export function testEngine(name: BackendName, what: string, fn: () => void | Promise<void>): void {
  const reason = ABSENT.get(name);
  Deno.test({ name: reason === undefined ? what : `${what} (${reason})`, ignore: reason !== undefined, fn });
}

/** Whether the back end can be used on this machine. */
export const isThere = async (name: BackendName) =>
  !ABSENT.has(name) && (await usableBackend(name)).notice === undefined;

/** Opens an engine as a stage does. */
export async function openEngine(name: BackendName): Promise<Engine> {
  const { open }: EngineModule = await import(BACKENDS[name].module.href);
  return await open();
}

const RULES = { sgd, adam, adamw } satisfies Record<string, OptimiserModule["updateRule"]>;

/** Settings of an optimiser: `name` and the rule's, weight decay (default 0) and clipping. */
export interface OptimiserCase {
  readonly name: keyof typeof RULES;
  readonly momentum?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
}

export function optimiser(chosen: OptimiserCase): Optimiser {
  const { name, weightDecay = 0, clipNorm } = chosen;
  const settings = { momentum: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...chosen };
  const updateRule: OptimiserModule["updateRule"] = RULES[name];
  return { rule: updateRule(settings), weightDecay, clipNorm };
}
