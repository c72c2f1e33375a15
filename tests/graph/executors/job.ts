import type { Json } from "../../../pipeline/base/json.ts";
import { CodeHasher } from "../../../pipeline/graph/code.ts";
import type { Job, JobObserver } from "../../../pipeline/graph/executors/executor.ts";
import { DEFAULT_RESOURCES } from "../../../pipeline/graph/stage.ts";
import { sha256 } from "../../../pipeline/store/sealed.ts";
import type { Store } from "../../../pipeline/store/store.ts";
import { ROOT } from "../toy_project.ts";

/** A job of a toy stage. @param inputs contents by `stage/path` */
export async function jobOf(
  store: Store,
  stage: string,
  slice: Json,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const hasher = new CodeHasher(ROOT, store);
  const code = await hasher.code(new URL(`../toy_stages/${stage}.ts`, import.meta.url));
  await hasher.save();
  const digests = Object.entries(inputs).map(([name, text]): [string, string] => {
    store.putText(text, sha256(text));
    return [name, sha256(text)];
  });
  return {
    id: sha256(stage),
    manifest: { stage, slice, inputs: Object.fromEntries(digests), code: code.digest },
    code: code.manifest,
    places: code.places,
    passthrough: null,
    permissions: {},
    resources: DEFAULT_RESOURCES,
    rank: 0,
  };
}

/** Notes what an executor tells, in order. @param onProgress called with each progress */
export function observer(onProgress: () => void = () => {}): JobObserver & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    onQueue: () => {}, // only where there is a queue
    onStart: () => void told.push("start"),
    onProgress: ({ text }) => {
      told.push(text);
      onProgress();
    },
    onNotice: (message) => void told.push(`note: ${message}`),
  };
}
