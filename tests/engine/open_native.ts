import { openEngine } from "../../pipeline/engine/open.ts";

/** Opens the native engine and prints which one came, and the notice. */
const { engine, notice } = await openEngine("native");
console.log(JSON.stringify({ name: engine.name, notice }));
engine.dispose();
