import { UserError } from "../../base/errors.ts";
import type { Engine } from "../engine.ts";
import { tf } from "../tfjs.ts";
import { GpuThread } from "./device/thread.ts";
import { GpuEngine } from "./engine.ts";

let shared: Promise<GpuThread> | undefined;
let started: GpuThread | undefined;

/**
 * Opens the engine on the GPU. A process has one thread for it, and opens the adapter once, or again where the GPU was
 * lost.
 *
 * @throws {UserError} where there is no GPU
 */
export async function open(): Promise<Engine> {
  await tf.setBackend("cpu");
  if (started?.isBroken) {
    started.retire();
    shared = started = undefined;
  }
  try {
    shared ??= GpuThread.start().then((thread) => started = thread);
    return new GpuEngine(await shared);
  } catch (error) {
    throw new UserError(`Cannot use the webgpu engine: ${(error as Error).message}`, {
      notes: [
        "A GPU is found by its driver for Vulkan, Metal or Direct3D 12, and on Linux by libvulkan.so.1.",
        "`--engine native` and `--engine portable` need no GPU; `deno task doctor` says which engines there are.",
      ],
      cause: error,
    });
  }
}
