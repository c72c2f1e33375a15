import type { Json } from "../../base/json.ts";

/** The permissions that `machine` needs. */
export const MACHINE_PERMISSIONS = ["cpus", "systemMemoryInfo"] as const;

/** What this machine is like, for the record of what is executed on it. */
export async function machine(): Promise<Record<string, Json>> {
  const { cpus, totalmem } = await import("node:os");
  const processors = cpus();
  return {
    deno: Deno.version.deno,
    os: Deno.build.os,
    architecture: Deno.build.arch,
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
  };
}
