import type { Engine } from "./engine.ts";
import { openPortableEngine } from "./portable.ts";

/**
 * Opens the engine of that name. Where the native one cannot be had, the portable one comes in its place, with
 * a notice for the user that says why.
 */
export async function openEngine(name: Engine["name"]): Promise<{ engine: Engine; notice?: string }> {
  if (name === "portable") return { engine: await openPortableEngine() };
  return {
    engine: await openPortableEngine(),
    notice: "The native engine is not built yet: using the portable one",
  };
}
