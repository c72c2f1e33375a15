import { moduleUrl } from "../../base/module_url.ts";
import type { Backend } from "../backend.ts";

/** Matrix products by ONNX Runtime, all else in WebAssembly loops. */
export const native = {
  description: "ONNX Runtime",
  async usable() {
    const { openLibrary } = await import("./ort/library.ts");
    try {
      openLibrary();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  module: moduleUrl<typeof import("./open.ts")>(new URL("./open.ts", import.meta.url)),
  permissions: { ffi: true },
  fallback: {
    name: "portable",
    notice: (reason) =>
      `Using the slow portable engine, because the native one cannot be used here: ${reason}`,
  },
} satisfies Backend;
