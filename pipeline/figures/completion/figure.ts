import { count, percent, withArticle } from "../../base/words.ts";
import { drawStudyRows } from "../drawing/study_rows.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import type { CompletionMetrics, CompletionWay } from "./study.ts";

/** Draws images with their lower half made in each of the ways. */
export function draw(data: ImageFigureData<unknown, Measured<CompletionMetrics>>): Drawn {
  const { study: { metrics: { examples, recognised, ways } }, nouns } = data;
  const made = (name: CompletionWay["way"]) => ways.find(({ way }) => way === name)!;
  const error = (name: CompletionWay["way"]) => made(name).squaredError.toFixed(4);
  const share = (name: CompletionWay["way"]) => percent(made(name).recognised);
  const title = `Half ${withArticle(nouns.one)} completed`;
  const caption =
    `Test images; their upper half, which is all that is seen; what the model puts out when it is fed that half; and ` +
    `the lower half inferred, from codes under which the upper one is likely; and PCA of the same size, fed likewise. ` +
    `Over ${count(examples)} images the mean squared error of the hidden half is ${error("fed")} fed, ` +
    `${error("inferred")} inferred, ${error("pca")} by PCA, and ${
      error("mean")
    } with the mean training image. k-NN ` +
    `recognises ${percent(recognised.hidden)} of the ${nouns.many} with the half missing, ${
      share("fed")
    } completed by ` +
    `feeding, ${share("inferred")} by inference, ${percent(recognised.whole)} whole.`;
  const alt = `Rows of ${nouns.many}: whole, lower half hidden, and completed in three ways.`;
  const labels = ["whole", "seen", "fed", "inferred", "PCA, fed"].map((label) => ({ label: [label] }));
  return drawStudyRows("completion", { title, caption, alt }, labels, data);
}
