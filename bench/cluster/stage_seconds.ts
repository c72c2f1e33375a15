import { type ActionRecord, type KeyManifest, parseRecord } from "../../pipeline/store/record.ts";
import { Store } from "../../pipeline/store/store.ts";

/** Seconds that each stage of one cell took. */
export type StageSeconds = Readonly<
  Record<"preprocess" | "train" | "evaluate" | "render" | "report", number>
>;

/** The cells that ran through in a store, by their reports. */
export function stageSeconds(folder: string): StageSeconds[] {
  const store = Store.visit(folder);
  const records = new Map<string, ActionRecord>();
  const byOutput = new Map<string, ActionRecord>();
  for (const { name } of Deno.readDirSync(`${folder}/ac`)) {
    const key = name.replace(/\.json$/, "");
    const parsed = parseRecord(Deno.readTextFileSync(store.recordPath(key)), key);
    if (!("record" in parsed)) continue;
    records.set(key, parsed.record);
    for (const [path, { digest }] of Object.entries(parsed.record.outputs)) {
      byOutput.set(`${parsed.record.stage}/${path} ${digest}`, parsed.record);
    }
  }
  return [...records].filter(([, { stage }]) => stage === "report").map(([key, report]) => {
    const { inputs } = store.getJson(key) as KeyManifest;
    const secondsOf = (stage: string) => {
      const input = Object.keys(inputs).find((name) => name.startsWith(`${stage}/`))!;
      return byOutput.get(`${input} ${inputs[input]}`)!.seconds;
    };
    return {
      preprocess: secondsOf("preprocess"),
      train: secondsOf("train"),
      evaluate: secondsOf("evaluate"),
      render: secondsOf("render"),
      report: report.seconds,
    };
  });
}
