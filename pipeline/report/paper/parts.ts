import type { Finished } from "../compare/candidate.ts";
import type { ReportedSpec } from "../reported_spec.ts";

/** What the page is made of: specs and sweeps in `experiments/paper/`, by the part that they play in it. */
export const PAPER_SPECS = {
  mnist: "mnist.json",
  music: "music.json",
  heldOut: "music-held-out.json",
  digits: "digits-seeds.json",
  denoising: "denoising.json",
  latentSizes: "latent-sizes.json",
  linear: "linear-autoencoder.json",
  annealing: "kl-annealing.json",
  limit: "autoencoder-limit.json",
  genres: "genres.json",
  games: "games.json",
  semiSupervised: "semi-supervised.json",
} as const;

/** The part that a spec plays in the page. */
export type PaperRole = keyof typeof PAPER_SPECS;

/** The roles whose data are the lute files. */
export const LUTE_ROLES: readonly PaperRole[] = ["music", "heldOut"];

/** What takes the place of the lute files where they cannot be had. */
export const STAND_IN = {
  title: "piano music",
  overrides: [
    "dataset.name=piano-genres",
    'dataset.source={"type":"npm"}',
    "title=The paper's model of music, on piano music in place of the lute",
    "description=The lute files could not be had. The protocol is the paper's, the music is not: its numbers cannot be " +
    "compared with the paper's.",
  ],
} as const;

/** A finished run that plays a part. */
export interface PaperRun {
  /** What sets it apart from the other runs of its sweep, but for the seed; empty where it is a run of its own. */
  readonly label: string;
  readonly spec: ReportedSpec;
  readonly outcome: Finished;
}

/** All runs behind the page. */
export interface Paper {
  readonly runs: Readonly<Record<PaperRole, readonly PaperRun[]>>;
  /** Why the music half is not about the lute; undefined where it is. */
  readonly standIn: string | undefined;
  /** The schedule of a run's learning rate in words. */
  learningRateOf(spec: ReportedSpec): string;
}

/** The page, and the table of end values as Markdown. */
export interface RenderedPaper {
  readonly html: string;
  readonly markdown: string;
}
