import type { AdapterDescription } from "./messages.ts";

/**
 * What Deno and drivers are told by variables that nobody has set.
 *
 * What to look for adapters in: left to itself Deno takes OpenGL where a driver for Vulkan is missing, the same processor
 * under the same name, with other bytes and at a fraction of the speed. And where a display would be: without that
 * Mesa's drivers print an error, although nobody wants one.
 */
const VARIABLES = { DENO_WEBGPU_BACKEND: "vulkan,metal,dx12", XDG_RUNTIME_DIR: "/" };

/** What is wrong where there is nothing to compute on. */
export const NO_ADAPTER = "no GPU was found, and no software adapter";

/** The GPU to compute on: the fastest that there is, or a software one where there is no other. */
export async function requestAdapter(): Promise<GPUAdapter | undefined> {
  for (const [variable, value] of Object.entries(VARIABLES)) {
    const { state } = Deno.permissions.querySync({ name: "env", variable });
    if (state === "granted" && !Deno.env.get(variable)) Deno.env.set(variable, value);
  }
  return await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
}

/** What the engine has to know of an adapter. */
export function describe({ info, limits }: GPUAdapter): AdapterDescription {
  const { vendor, device, description, isFallbackAdapter } = info;
  return {
    name: description || device || vendor || "an adapter without a name",
    isSoftware: isFallbackAdapter || /llvmpipe|swiftshader|basic render/i.test(`${device} ${description}`),
    largestBuffer: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  };
}
