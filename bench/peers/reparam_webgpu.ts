import { GpuThread } from "../../pipeline/engine/webgpu/device/thread.ts";
import { GpuEngine } from "../../pipeline/engine/webgpu/engine.ts";
import { open } from "../../pipeline/engine/webgpu/open.ts";
import { HARDWARE } from "../../pipeline/engine/webgpu/profile.ts";
import { GPU_KERNELS } from "../contestants.ts";
import { serve } from "./serve.ts";
import { trainerOf } from "./trainer.ts";

/** The engine with the kernels that are made for a GPU, whatever computes here. */
const openAsOnGpu = async () => new GpuEngine(await GpuThread.start(), HARDWARE);

/** Reparam's engine on the GPU as a contestant. */
await serve((configuration, data) =>
  trainerOf(configuration.setting["kernels"] === GPU_KERNELS ? openAsOnGpu : open, configuration, data)
);
