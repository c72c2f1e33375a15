import { type BackendName, usableBackend } from "../../pipeline/engine/backends.ts";
import { openEngine } from "./engines.ts";

/**
 * Prints which engine is usable where the given one is wanted, and what opening it says if it fails:
 *
 *     deno run open_backend.ts NAME
 */
const name = Deno.args[0] as BackendName;
const refusal = await openEngine(name).then(
  (engine) => engine.dispose(),
  (error: Error) => error.message,
);
console.log(JSON.stringify({ ...await usableBackend(name), refusal }));
