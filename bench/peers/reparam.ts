import { open } from "../../pipeline/engine/native/open.ts";
import { serve } from "./serve.ts";
import { trainerOf } from "./trainer.ts";

/** Reparam's native engine as a contestant. */
await serve((configuration, data) => trainerOf(open, configuration, data));
