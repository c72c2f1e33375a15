import { bundleScript } from "../bundle.ts";
import type { Comparison, RenderedComparison } from "./candidate.ts";
import { colourGroups, drawFigures } from "./figures.ts";
import { differingSettings, groupRuns, type Run } from "./groups.ts";
import { renderMarkdown } from "./markdown.ts";
import { COSTS, type Measure, MEASURES } from "./measures.ts";
import { parallelData } from "./parallel.ts";
import { renderComparisonPage } from "./page.ts";
import { readPictures } from "./pictures.ts";
import { readResult } from "./read.ts";
import type { ReportedSpec } from "../reported_spec.ts";
import { summarise } from "./summary.ts";

const STYLES = [new URL("../style.css", import.meta.url), new URL("./compare.css", import.meta.url)];
const SCRIPT = new URL("./page.js", import.meta.url);

/** What a comparison is told of variants, which it knows none of. */
export interface KnownVariants {
  /** What kinds of data have numbers for beyond `MEASURES`. */
  readonly kindMeasures: readonly Measure[];
  /** A model's prior in words, where that is not N(0, I). */
  otherPrior(spec: ReportedSpec): string | undefined;
}

/**
 * Reads the results of all candidates and makes the page and the table that compare them.
 *
 * @throws {UserError} where the results of a finished run are not what its stages write
 */
export async function renderComparison(
  comparison: Comparison,
  { kindMeasures, otherPrior }: KnownVariants,
): Promise<RenderedComparison> {
  const { title, description, candidates, command } = comparison;
  const runs: Run[] = [];
  // One after the other: a thousand open files at once are more than some systems allow.
  for (const candidate of candidates) runs.push({ ...candidate, result: await readResult(candidate) });
  const groups = groupRuns(runs);
  const { measures, costs } = summarise(groups, [...MEASURES, ...kindMeasures], COSTS);
  const [primary] = measures;
  const painted = primary ? colourGroups(groups, primary) : [];
  const [style, script] = await Promise.all([
    Promise.all(STYLES.map((url) => Deno.readTextFile(url))),
    bundleScript(SCRIPT),
  ]);
  const html = renderComparisonPage(
    {
      title,
      description,
      groups,
      measures,
      costs,
      parallel: parallelData(groups, measures, painted),
      settings: differingSettings(groups),
      painted,
      figures: primary
        ? drawFigures(groups, painted, primary, groups.map(({ runs }) => otherPrior(runs[0]!.spec)))
        : [],
      pictures: await readPictures(groups),
      command,
    },
    style.join("\n"),
    script.text,
  );
  return { html, markdown: renderMarkdown(title, groups, measures, costs) };
}
