import { moduleUrl } from "../../base/module_url.ts";
import type { Backend } from "../backend.ts";

/** Every operation is run by tfjs as it is called. */
export const portable = {
  description: "slow, runs everywhere",
  usable: () => Promise.resolve(undefined),
  module: moduleUrl<typeof import("./open.ts")>(new URL("./open.ts", import.meta.url)),
  permissions: {},
  callsTfjs: true,
} satisfies Backend;
