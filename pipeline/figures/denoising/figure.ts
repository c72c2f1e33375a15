import { count } from "../../base/words.ts";
import { drawStudyRows } from "../drawing/study_rows.ts";
import type { Drawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import type { DenoisingMetrics } from "./study.ts";

/** Draws noisy images beside what was made of them. */
export function draw(data: ImageFigureData<unknown, Measured<DenoisingMetrics>>): Drawn {
  const { study: { metrics }, nouns } = data;
  const { examples, standardDeviation, noisy, vae, pca, bestPca } = metrics;
  const title = "Noise taken away";
  const caption =
    `Test ${nouns.many} under Gaussian noise of standard deviation ${standardDeviation}, clipped to [0, 1]. Over ` +
    `${count(examples)} images the peak signal-to-noise ratio is ${db(noisy)} as they come, ${
      db(vae)
    } from the ` +
    `VAE, ${db(pca)} from PCA with as many components as z has dimensions, and ${
      db(bestPca.psnr)
    } from PCA with ` +
    `${bestPca.components}, the best number tried.`;
  const alt = `Rows of ${nouns.many}: clean, noisy, denoised by the VAE (${db(vae)}) and by PCA (${
    db(bestPca.psnr)
  }).`;
  const labels = [["clean"], ["noisy"], ["VAE"], ["PCA with", `${bestPca.components}`]];
  return drawStudyRows("denoising", { title, caption, alt }, labels.map((label) => ({ label })), data);
}

function db(value: number): string {
  return `${value.toFixed(1)} dB`;
}
