import type { Problem } from "../../../base/problem.ts";
import { partProblems } from "../own/problems.ts";
import { type ArrayDataset, fileOf, type GivenArrays, labelsOf } from "./schema.ts";

/** What is impossible in a spec of arrays, before their files are read. */
export function arrayProblems(
  dataset: ArrayDataset,
  training: { readonly earlyStopping?: unknown },
): Problem[] {
  const { shape, range, classes, train, validation, split } = dataset;
  const problems: Problem[] = [];
  const channels = shape.at(2);
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    problems.push({
      path: ["dataset", "shape", 2],
      message: `An example has ${channels} channels: figures show grey or red, green and blue`,
      notes: ["Allowed: 1 or 3. Others can lie side by side: [height, width times channels]."],
    });
  }
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
  for (const [i, name] of (classes ?? []).entries()) {
    if (classes!.indexOf(name) === i) continue;
    problems.push({
      path: ["dataset", "classes", i],
      message: `Two classes have the name ${name}`,
      notes: ["Names tell classes apart in figures and tables."],
    });
  }
  for (const part of ["train", "validation", "test"] as const) {
    problems.push(...fileProblems(part, dataset[part]));
  }
  return problems.length > 0 ? problems : partProblems(split, training, validation !== undefined);
}

function fileProblems(part: "train" | "validation" | "test", given: GivenArrays | undefined): Problem[] {
  if (!given) return [];
  const labels = labelsOf(given)?.array;
  const references = [
    ["examples", given.examples],
    ...(labels === undefined ? [] : [["labels", labels]]),
  ] as const;
  return references.flatMap(([key, reference]) => {
    const { file } = fileOf(reference!);
    const isInside = file.split("/").every((name) => name !== "" && name !== "." && name !== "..") &&
      !/[\p{Cc}\\]/u.test(file);
    return isInside ? [] : [{
      path: ["dataset", part, key!],
      message: `The file ${file} is not named by its path below the folder of dataset.source`,
      notes: ["Next: such a path, without . and .., or another folder."],
    }];
  });
}
