import { nats } from "../../base/words.ts";
import type { PaperPage } from "./results.ts";
import { endValues, PLOTS, signedPercent } from "./verdicts.ts";

/** The side-by-side table, for a README. */
export function renderPaperMarkdown({ mnist, music, standIn }: PaperPage): string {
  const lines = [
    "| at epoch 60, nats | paper | here | difference |",
    "| ----------------- | ----: | ---: | ---------: |",
  ];
  const halves = [
    { title: "MNIST", rows: endValues(mnist, PLOTS.mnist) },
    ...(standIn === undefined ? [{ title: "Lute music", rows: endValues(music, PLOTS.music) }] : []),
  ];
  for (const { title, rows } of halves) {
    for (const { name, paper, ours, share } of rows) {
      lines.push(`| ${title}: ${name} | ${paper} | ${nats(ours)} | ${signedPercent(share)} |`);
    }
  }
  return lines.join("\n");
}
