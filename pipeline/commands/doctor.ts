import { plural } from "../base/words.ts";
import { examine, heal } from "../store/doctor.ts";
import { engineList } from "./session/engine_list.ts";
import type { Arguments } from "./line/arguments.ts";
import { STORE_OPTION, storeFolder } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { openStoreAlone } from "./session/open_store.ts";

export const verb: Verb = {
  usage: "deno task doctor [OPTIONS]",
  summary: "Find what is damaged or left over in the store, and remove it; say which engines there are.",
  details: "Reads every byte. What is removed, the next run makes anew.\n" +
    "Exit status 1 where --dry-run finds something.",
  positionals: [0, 0],
  options: {
    "dry-run": { type: "boolean", help: "Only tell what is wrong." },
    engines: { type: "boolean", help: "Also tell how long a training step takes each engine." },
    ...STORE_OPTION,
  },
  examples: ["deno task doctor", "deno task doctor --engines"],
  execute: doctor,
};

async function doctor(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  console.log("Engines:");
  for (const line of await engineList(values.has("engines"))) console.log(`  ${line}`);
  const folder = storeFolder(values, project.root);
  using store = await openStoreAlone(folder, signal);
  let told = -Infinity;
  const findings = await examine(store, (done, all) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    console.error(`Reading ${done} of ${all} files`);
  }, signal);
  for (const { path, problem } of findings) console.log(`${path}: ${problem}`);
  if (findings.length === 0) {
    console.log(`The store ${folder} is whole.`);
  } else if (values.has("dry-run")) {
    console.log(`Found ${plural(findings.length, "problem")}. Without --dry-run they are healed.`);
    return 1;
  } else {
    await heal(findings);
    console.log(
      `Found and healed ${plural(findings.length, "problem")}. The next run makes anew what is missing.`,
    );
  }
  await store.saveMemo();
  return 0;
}
