import type { ReportData } from "../data.ts";
import { type Markup, markup } from "../markup.ts";

/**
 * The section in which the model itself answers. Its script fills it in and shows it: without one there is nothing to
 * explore.
 */
export function exploreSection({ explorer, words: { nouns } }: ReportData): {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}[] {
  const body = "reason" in explorer
    ? markup`<p class="note">The model cannot be explored in this page. ${explorer.reason}</p>`
    : markup`<p class="lead">The trained model runs in this page. Each point of the plane is a z: drag, and the decoder
answers. Dots are the posterior means of test ${nouns.many}.</p>
<div id="explorer"><noscript><p class="note">This needs JavaScript.</p></noscript></div>`;
  return [{ id: "explore", title: "Explore", body }];
}

/** What the script of the section reads. */
export function explorerScript({ explorer }: ReportData): Readonly<Record<string, unknown>> {
  return "reason" in explorer ? {} : { "explorer-data": explorer };
}
