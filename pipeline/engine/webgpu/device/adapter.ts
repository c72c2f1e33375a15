import type { AdapterDescription } from "./messages.ts";

/**
 * The variable by which Deno is told what to look for adapters in. Left to itself it takes OpenGL where a driver for
 * Vulkan is missing: the same processor under the same name, with other bytes and at a fraction of the speed.
 */
const INTERFACES_VARIABLE = "DENO_WEBGPU_BACKEND";
const INTERFACES = "vulkan,metal,dx12";

/** What is wrong where there is nothing to compute on. */
export const NO_ADAPTER = "no GPU was found, and no software adapter";

/** The GPU to compute on: the fastest that there is, or a software one where there is no other. */
export async function requestAdapter(): Promise<GPUAdapter | undefined> {
  const { state } = Deno.permissions.querySync({ name: "env", variable: INTERFACES_VARIABLE });
  if (state === "granted" && !Deno.env.get(INTERFACES_VARIABLE)) {
    Deno.env.set(INTERFACES_VARIABLE, INTERFACES);
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
