import { writeCase } from "../case.ts";
import { check } from "../check.ts";
import { contestants, gpuContestants } from "../contestants.ts";
import { type ModelName, modelNames } from "../models.ts";

/**
 * Whether the kernels that are made for a GPU compute what the native engine does, on any adapter: a software adapter
 * gets others of its own, so a machine without a GPU would see nothing of these.
 *
 *     deno run -A bench/gpu/kernels.ts [MODEL,... [BATCH,...]]
 */

const [models = modelNames.join(), batches = "128"] = Deno.args;
const folder = "artifacts/bench";
await Deno.mkdir(folder, { recursive: true });
let agree = true;
for (const model of models.split(",") as ModelName[]) {
  const [native] = contestants(model), [webgpu] = gpuContestants(model);
  const entries = [native!, { ...webgpu!, setting: { kernels: "of a GPU" } }];
  for (const batch of batches.split(",").map(Number)) {
    agree = await check(entries, await writeCase(folder, model, batch), folder) && agree;
  }
}
Deno.exit(agree ? 0 : 1);
