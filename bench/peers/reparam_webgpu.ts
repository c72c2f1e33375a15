import { open } from "../../pipeline/engine/webgpu/open.ts";
import { serve } from "./serve.ts";
import { trainerOf } from "./trainer.ts";

/** Reparam's engine on the GPU as a contestant. */
await serve((configuration, data) => trainerOf(open, configuration, data));
