import { Planner } from "../../pipeline/graph/plan.ts";
import { Store } from "../../pipeline/store/store.ts";
import { generatedDeclarations } from "./generated.ts";

/** Plans the generated DAG in one process, as `--dry-run` does. Arguments: root, store, number of stages. */
const [root, folder, size] = Deno.args as [string, string, string];
using store = await Store.open(folder);
const planner = new Planner<unknown>(generatedDeclarations(Number(size)), store, root);
const planned = await planner.plan({ name: "generated", spec: null, settings: { engine: "native" } });
await planner.code.save();
await store.saveMemo();
const missing = planned.filter(({ result }) => !result);
console.log(missing.length === 0 ? `${planned.length} stages: nothing to do` : `${missing.length} would run`);
