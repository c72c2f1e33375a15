import { moduleUrl } from "../../base/module_url.ts";
import type { Backend } from "../backend.ts";

/** Steps as WGSL kernels. */
export const webgpu = {
  description: "the GPU, any that Vulkan, Metal or Direct3D 12 knows",
  async usable() {
    const { NO_ADAPTER, requestAdapter } = await import("./device/adapter.ts");
    return await requestAdapter() === undefined ? NO_ADAPTER : undefined;
  },
  async device() {
    const { describe, requestAdapter } = await import("./device/adapter.ts");
    const { name, isSoftware } = describe((await requestAdapter())!);
    return isSoftware ? `${name}: a processor that plays a GPU, for tests` : name;
  },
  module: moduleUrl<typeof import("./open.ts")>(new URL("./open.ts", import.meta.url)),
  permissions: { env: ["DENO_WEBGPU_BACKEND", "XDG_RUNTIME_DIR"] },
  gpu: true,
} satisfies Backend;
