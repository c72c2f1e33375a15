import type { IsWritten, Problem } from "../../../base/problem.ts";
import { partProblems } from "../own/problems.ts";
import type { PictureDataset } from "./schema.ts";

const at = (key: string) => ["dataset", "split", key];

/** What is impossible in a spec of pictures, before their files are read. */
export function pictureProblems(
  { split }: PictureDataset,
  training: { readonly earlyStopping?: unknown },
  isWritten: IsWritten,
): Problem[] {
  const byFile = split.method === "file";
  if (byFile && split.file === undefined) {
    return [{
      path: at("method"),
      message: "The parts are to come from a table, and none is named",
      notes: [
        'Next: "file": "splits.csv" in dataset.split, a table in the folder with the columns file and part.',
      ],
    }];
  }
  if (!byFile && isWritten(at("file"))) {
    return [{
      path: at("file"),
      message: `A table of parts is named, and dataset.split.method is "${split.method}"`,
      notes: ['Next: "method": "file", or leave dataset.split.file out.'],
    }];
  }
  return partProblems(split, training, split.method !== "chance");
}
