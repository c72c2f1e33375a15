import type { Path, Problem } from "../../../base/problem.ts";
import { partProblems } from "../own/problems.ts";
import { type ArrayDataset, fileOf, type GivenArrays, labelsOf } from "./schema.ts";

/** What is impossible in a spec of arrays, before their files are read. */
export function arrayProblems(
  dataset: ArrayDataset,
  training: { readonly earlyStopping?: unknown },
): Problem[] {
  const { shape, range, classes, train, validation, split } = dataset;
  const problems: Problem[] = channelProblems(shape);
  if (range && !(range[0] < range[1])) {
    problems.push({
      path: ["dataset", "range"],
      message: `The range is empty: it goes from ${range[0]} to ${range[1]}`,
      notes: ["The first value stands for 0, the second for 1."],
    });
  }
  if (classes && !labelsOf(train)) {
    problems.push({
      path: ["dataset", "classes"],
      message: "The classes have names, and there are no labels",
      notes: ['Next: "labels" in dataset.train, or leave dataset.classes out.'],
    });
  }
  problems.push(...classNameProblems(classes));
  for (const part of ["train", "validation", "test"] as const) {
    problems.push(...fileProblems(part, dataset[part]));
  }
  return problems.length > 0 ? problems : partProblems(split, training, validation !== undefined);
}

/** Why pictures of so many channels cannot be shown. */
export function channelProblems(shape: readonly number[]): Problem[] {
  const channels = shape.at(2);
  return channels === undefined || channels === 1 || channels === 3 ? [] : [{
    path: ["dataset", "shape", 2],
    message: `An example has ${channels} channels: figures show grey or red, green and blue`,
    notes: ["Allowed: 1 or 3. Others can lie side by side: [height, width times channels]."],
  }];
}

/** Why names of classes do not tell them apart. */
export function classNameProblems(classes: readonly string[] = []): Problem[] {
  return classes.flatMap((name, i) =>
    classes.indexOf(name) === i ? [] : [{
      path: ["dataset", "classes", i],
      message: `Two classes have the name ${name}`,
      notes: ["Names tell classes apart in figures and tables."],
    }]
  );
}

/** Why a file is not one below the folder of the source. */
export function placeProblems(path: Path, file: string): Problem[] {
  const isInside = file.split("/").every((name) => name !== "" && name !== "." && name !== "..") &&
    !/[\p{Cc}\\]/u.test(file);
  return isInside ? [] : [{
    path,
    message: `The file ${file} is not named by its path below the folder of dataset.source`,
    notes: ["Next: such a path, without . and .., or another folder."],
  }];
}

function fileProblems(part: "train" | "validation" | "test", given: GivenArrays | undefined): Problem[] {
  if (!given) return [];
  const labels = labelsOf(given)?.array;
  const references = [
    ["examples", given.examples],
    ...(labels === undefined ? [] : [["labels", labels]]),
  ] as const;
  return references.flatMap(([key, reference]) => {
    return placeProblems(["dataset", part, key!], fileOf(reference!).file);
  });
}
