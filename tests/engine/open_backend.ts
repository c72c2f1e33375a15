import { openEngine } from "../../pipeline/engine/native/open.ts";
import { usableEngine } from "../../pipeline/engine/backends.ts";

/** Prints which engine is usable where the native one is wanted, and what opening the native one says. */
const refusal = await openEngine("native").then(
  (engine) => engine.dispose(),
  (error: Error) => error.message,
);
console.log(JSON.stringify({ ...usableEngine("native"), refusal }));
