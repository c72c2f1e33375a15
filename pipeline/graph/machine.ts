import type { Json } from "../base/json.ts";

/** What executes the stages, for the record. */
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
