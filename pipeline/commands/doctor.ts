import { examine, heal } from "../store/doctor.ts";
import { Store } from "../store/store.ts";
import { type Arguments, type Command, type Project, STORE_OPTION, storeFolder } from "./command.ts";
import { plural } from "./words.ts";

export const command: Command = {
  usage: "deno task doctor [OPTIONS]",
  summary: "Reads every byte of the store, finds what is damaged or left over, and removes it:\n" +
    "the next run makes it anew. Exit status 1 where --dry-run finds something.",
  positionals: [0, 0],
  options: {
    "dry-run": { type: "boolean", help: "Only tell what is wrong." },
    ...STORE_OPTION,
  },
  examples: ["deno task doctor"],
  execute: doctor,
};

async function doctor<Spec extends { readonly name: string }>(
  values: Arguments,
  project: Project<Spec>,
  signal: AbortSignal,
): Promise<number> {
  const folder = storeFolder(values, project.root);
  using store = await Store.openAlone(folder, () => console.error("Waiting for the runs that use the store"));
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
