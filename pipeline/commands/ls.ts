import { nats, plural } from "../base/words.ts";
import type { Arguments } from "./line/arguments.ts";
import { REPORTS_OPTION, reportsFolder } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { findReports, type ListedRun } from "./session/reports.ts";

const SORTS = ["time", "name", "loss", "reconstruction", "kl"] as const;
type Sort = typeof SORTS[number];

export const verb: Verb = {
  usage: "deno task ls [OPTIONS]",
  summary: "List all reports, of runs and of sweeps, with their key numbers.",
  details: "Losses are those of the test part, nats per example at KL weight 1.",
  positionals: [0, 0],
  options: {
    sort: {
      type: "string",
      value: "BY",
      allowed: SORTS,
      help: `${SORTS.join(", ")}. Default: time, the newest first`,
    },
    json: { type: "boolean", help: "Print one JSON object per run and sweep on stdout." },
    ...REPORTS_OPTION,
  },
  examples: ["deno task ls", "deno task ls --sort loss"],
  execute: ls,
};

function ls(values: Arguments, project: Project): Promise<number> {
  const folder = reportsFolder(values, project.root);
  const { runs, sweeps, damaged } = findReports(folder);
  if (damaged.length > 0) {
    console.error(`note: ${plural(damaged.length, "report")} cannot be read: ${damaged.join(", ")}`);
    console.error("  Next: run what made them again; what is cached is not run.");
  }
  const sorted = runs.toSorted(ORDERS[(values.value("sort") ?? "time") as Sort]);
  if (values.has("json")) {
    for (const run of sorted) console.log(JSON.stringify({ type: "run", ...run }));
    for (const sweep of sweeps) console.log(JSON.stringify({ type: "sweep", ...sweep }));
  } else if (runs.length + sweeps.length === 0) {
    console.log(`There are no reports in ${folder}. Next: deno task run experiments/quick.json`);
  } else {
    for (const line of table(sorted)) console.log(line);
    for (const { name, cells, done } of sweeps) {
      console.log(
        `Sweep ${name}: ${done} of ${plural(cells, "cell")} ${done === 1 ? "has" : "have"} a report.`,
      );
    }
  }
  return Promise.resolve(0);
}

const byNumber = (key: "loss" | "reconstruction" | "kl") => (a: ListedRun, b: ListedRun) =>
  (a.test?.[key] ?? Infinity) - (b.test?.[key] ?? Infinity);

const ORDERS: Readonly<Record<Sort, (a: ListedRun, b: ListedRun) => number>> = {
  time: (a, b) => b.time.localeCompare(a.time),
  name: (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }),
  loss: byNumber("loss"),
  reconstruction: byNumber("reconstruction"),
  kl: byNumber("kl"),
};

/** A heading and a line for each run; numbers stand on the right of their columns. */
function table(runs: readonly ListedRun[]): string[] {
  const rows = [
    ["NAME", "DATA", "MODEL", "EPOCHS", "TEST LOSS", "RECONSTR.", "KL", "MADE"],
    ...runs.map(({ name, dataset, model, epochs, test, time }) => [
      name,
      dataset,
      model,
      String(epochs),
      ...(test ? [test.loss, test.reconstruction, test.kl].map(nats) : ["-", "-", "-"]),
      new Date(time).toLocaleString("sv-SE").slice(0, 16),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((text, i) => i >= 3 && i <= 6 ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)).join("  ")
      .trimEnd()
  );
}
