import type { PaperResult, Separation } from "./read.ts";

/** The runs behind what the paper says and does not show. */
export interface StudyResults {
  /** One for each seed; the first is shown. */
  readonly digits: readonly PaperResult[];
  readonly denoising: PaperResult;
  readonly latentSizes: readonly PaperResult[];
  readonly linear: readonly PaperResult[];
  readonly annealing: readonly PaperResult[];
  readonly limit: readonly PaperResult[];
  readonly genres: PaperResult;
  /** A VAE, a VAE-GAN and a GAN, in this order. */
  readonly games: readonly PaperResult[];
  /** M2 with different numbers of labels. */
  readonly semiSupervised: readonly PaperResult[];
}

/** The results that the page is made of, by the part that they play in it. */
export interface PaperPage extends StudyResults {
  readonly mnist: PaperResult;
  readonly music: PaperResult;
  readonly heldOut: PaperResult;
  /** What the classes of `mnist` gain by training. */
  readonly separation: Separation;
  /** Why the music half is not about the lute; undefined where it is. */
  readonly standIn: string | undefined;
}
