import type { Parameters } from "../../engine/engine.ts";
import type { GameEpoch } from "../../artifacts/game_csv.ts";
import type { EpochMetrics } from "../../artifacts/metrics_csv.ts";
import { readCheckpoint, writeCheckpoint } from "../checkpoint.ts";

/** What changes as training goes on, besides arrays. */
interface Progress {
  /** Epochs done. */
  epoch: number;
  /** Steps done in the epoch under way. */
  step: number;
  /** Sums of the losses over the steps of the epoch under way. */
  sums: { objective: number; reconstruction: number; kl: number };
  /** Sums of what tells how a game stands, where there is one. */
  standing: Record<string, number>;
  rows: EpochMetrics[];
  /** A row for each epoch of a game. */
  games: GameEpoch[];
  /** Epochs of the snapshots. */
  snapshots: number[];
  /** The lowest objective on the validation part so far, at the KL weight of the end, for early stopping. */
  best: { epoch: number; loss: number } | null;
}

/** All that changes as training goes on. A checkpoint of it is enough to continue. */
export class TrainingState {
  readonly parameters: Parameters;
  progress: Progress = {
    epoch: 0,
    step: 0,
    sums: { objective: 0, reconstruction: 0, kl: 0 },
    standing: {},
    rows: [],
    games: [],
    snapshots: [],
    best: null,
  };
  /** Posterior means of the test set at each snapshot, [examples, latent size]. */
  latents: Float32Array[] = [];
  /** What is decoded at each snapshot, [rows, values]. */
  decoded: Float32Array[] = [];
  /** The decoded grid of z at each snapshot, where it is asked for. */
  manifolds: Float32Array[] = [];
  /** The weights of the best epoch, where early stopping may go back to them. */
  bestWeights: Record<string, Float32Array> = {};

  constructor(parameters: Parameters) {
    this.parameters = parameters;
  }

  weights(): Record<string, Float32Array> {
    return Object.fromEntries(this.parameters.names.map((name) => [name, this.parameters.get(name)]));
  }

  beginEpoch(epoch: number): void {
    this.progress.epoch = epoch;
    this.progress.step = 0;
    this.progress.sums = { objective: 0, reconstruction: 0, kl: 0 };
    this.progress.standing = {};
  }

  /** Writes a checkpoint. */
  async save(path: string, key: string): Promise<void> {
    const arrays: Record<string, Float32Array> = {};
    for (const [name, data] of Object.entries(this.parameters.saveState())) arrays[`state/${name}`] = data;
    for (const [name, data] of Object.entries(this.bestWeights)) arrays[`best/${name}`] = data;
    const { snapshots } = this.progress;
    this.latents.forEach((data, i) => arrays[`latents/${snapshots[i]}`] = data);
    this.decoded.forEach((data, i) => arrays[`decoded/${snapshots[i]}`] = data);
    this.manifolds.forEach((data, i) => arrays[`manifolds/${snapshots[i]}`] = data);
    await writeCheckpoint(path, { key, arrays, progress: this.progress });
  }

  /** Takes over the checkpoint of a key, if there is one. */
  load(path: string, key: string): "absent" | "damaged" | "foreign" | "loaded" {
    const checkpoint = readCheckpoint<Progress>(path, key);
    if (checkpoint === undefined) return "absent";
    if (checkpoint === "damaged" || checkpoint === "foreign") return checkpoint;
    const { arrays, progress } = checkpoint;
    const underPrefix = (prefix: string) =>
      Object.fromEntries(
        Object.entries(arrays).filter(([name]) => name.startsWith(prefix))
          .map(([name, data]) => [name.slice(prefix.length), data]),
      );
    this.parameters.restoreState(underPrefix("state/"));
    this.bestWeights = underPrefix("best/");
    this.latents = progress.snapshots.map((epoch) => arrays[`latents/${epoch}`]!);
    this.decoded = progress.snapshots.map((epoch) => arrays[`decoded/${epoch}`]!);
    this.manifolds = progress.snapshots.flatMap((epoch) => arrays[`manifolds/${epoch}`] ?? []);
    this.progress = progress;
    return "loaded";
  }
}
