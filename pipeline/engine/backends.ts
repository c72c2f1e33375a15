import type { Engine } from "./engine.ts";
import { openLibrary } from "./native/ort/library.ts";

/**
 * The engine to work with where `wanted` is asked for: the portable one, with a notice for the user, where the
 * native one's library does not load.
 *
 * Asked before anything is planned, because the engine is part of a stage's key: one that were exchanged inside
 * the stage would leave its bytes under the other's key.
 */
export function usableEngine(wanted: Engine["name"]): { name: Engine["name"]; notice?: string } {
  if (wanted === "portable") return { name: wanted };
  try {
    openLibrary();
    return { name: wanted };
  } catch (error) {
    const notice = `Using the slow portable engine, because the native one cannot be used here: ${
      (error as Error).message
    }`;
    return { name: "portable", notice };
  }
}
