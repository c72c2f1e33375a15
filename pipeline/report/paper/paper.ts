import { bundleScript } from "../bundle.ts";
import { renderPaperMarkdown } from "./markdown.ts";
import { renderPaperPage } from "./page.ts";
import type { Paper, RenderedPaper } from "./parts.ts";
import { readPaperResult, readSeparation } from "./read.ts";

const STYLES = [new URL("../style.css", import.meta.url), new URL("./paper.css", import.meta.url)];
const SCRIPT = new URL("./page.js", import.meta.url);

/**
 * Reads the results of all runs and makes the page and the table of the paper's numbers beside ours.
 *
 * @throws {UserError} where the results of a finished run are not what its stages write
 */
export async function renderPaper({ runs, standIn, learningRateOf }: Paper): Promise<RenderedPaper> {
  const all = (role: keyof typeof runs) =>
    Promise.all(runs[role].map((run) => readPaperResult(run, learningRateOf(run.spec))));
  const one = async (role: keyof typeof runs) => (await all(role))[0]!;
  const page = {
    mnist: await one("mnist"),
    music: await one("music"),
    heldOut: await one("heldOut"),
    digits: await all("digits"),
    denoising: await one("denoising"),
    latentSizes: await all("latentSizes"),
    linear: await all("linear"),
    annealing: await all("annealing"),
    limit: await all("limit"),
    genres: await one("genres"),
    games: await all("games"),
    semiSupervised: await all("semiSupervised"),
    separation: await readSeparation(runs.mnist[0]!),
    standIn,
  };
  const style = await Promise.all(STYLES.map((url) => Deno.readTextFile(url)));
  const { text: script } = await bundleScript(SCRIPT);
  return {
    html: renderPaperPage(page, style.join("\n"), script),
    markdown: renderPaperMarkdown(page),
  };
}
