import type { Json } from "../base/json.ts";
import { bytes, count, duration } from "../base/words.ts";
import type { Provenance } from "../graph/stage.ts";
import type { Execution, Fact } from "./data.ts";

/** The packages whose arithmetic or drawing is in the results; the page lists the others in small print. */
const PRINCIPAL = ["onnxruntime-node", "@tensorflow/tfjs", "d3", "linkedom", "pngjs", "zod"];

/** When and where the stages before the report ran. The machine shown is the one that trained. */
export function executionOf({ stages }: Provenance): Execution {
  const trained = stages.find(({ record }) => record.stage === "train");
  const machine = trained?.record.machine ?? {};
  const packages = new Map<string, string>();
  for (const { code } of stages) {
    for (const [name, version] of Object.entries(code.packages)) packages.set(name, version);
  }
  return {
    machine: [
      fact("Processor", machine.processor),
      fact("Cores", machine.cores),
      fact("Memory", typeof machine.memoryBytes === "number" ? bytes(machine.memoryBytes) : undefined),
      fact("System", [machine.os, machine.architecture].filter(Boolean).join(", ")),
      fact("Engine", trained?.record.recorded.engine),
      ...trainingTime(trained?.record.recorded.training),
    ].filter((entry) => entry !== null),
    versions: [
      fact("Deno", machine.deno),
      ...PRINCIPAL.map((name) => fact(name, packages.get(name))),
    ].filter((entry) => entry !== null),
    packages: [...packages].sort(([a], [b]) => a < b ? -1 : 1).map(([name, version]) => `${name} ${version}`),
    stages: stages.map(({ record, manifest }) => ({
      stage: record.stage,
      key: record.key,
      codeHash: manifest.code,
      startedAt: record.started,
      seconds: record.seconds,
      bytes: Object.values(record.outputs).reduce((sum, { size }) => sum + size, 0),
    })),
    notices: stages.flatMap(({ record }) => record.notices.map((notice) => `${record.stage}: ${notice}`)),
  };
}

/** A fact that a stage recorded; null where it is not known, since nothing is made up. */
function fact(label: string, value: Json | undefined): Fact | null {
  return value === undefined || value === null || value === "" ? null : { label, value: String(value) };
}

/** What `train` recorded: only of its last process, where it was resumed. */
function trainingTime(recorded: Json | undefined): Fact[] {
  const { seconds, steps } = (recorded ?? {}) as { seconds?: number; steps?: number };
  if (seconds === undefined || steps === undefined) return [];
  return [{ label: "Training", value: duration(seconds), note: `${count(steps)} steps` }];
}
