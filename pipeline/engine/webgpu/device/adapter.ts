import type { AdapterDescription } from "./messages.ts";

/** The GPU to compute on: the fastest that there is, or a software one where there is no other. */
export async function requestAdapter(): Promise<GPUAdapter | undefined> {
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
