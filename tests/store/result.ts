import type { ActionRecord } from "../../pipeline/store/record.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import type { Store } from "../../pipeline/store/store.ts";

/** What is expected of any result of the stage `make`. */
export const MAKE = { stage: "make" };

export const KEY = sha256("key");

/** Puts a record with one output of each content given. */
export async function putResult(
  store: Store,
  key: string,
  contents: Record<string, string>,
  stage = "make",
): Promise<ActionRecord> {
  const place = store.openWorkplace(key);
  for (const [name, text] of Object.entries(contents)) {
    await Deno.mkdir(`${place.output}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${place.output}/${name}`, text);
  }
  const record: ActionRecord = {
    key,
    stage,
    outputs: await store.collect(key),
    started: "2026-01-01T00:00:00.000Z",
    seconds: 1,
    machine: {},
    recorded: {},
    notices: [],
  };
  store.putRecord(record);
  store.clear(key);
  return record;
}
