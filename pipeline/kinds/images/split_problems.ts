import { pathName, type Problem } from "../../base/problem.ts";
import {
  examplesIn,
  type ImageFacts,
  type ImagePair,
  partSize,
  type Split,
  type SplitPart,
} from "./schema.ts";

const at = (part: string, ...keys: string[]) => ["dataset", "split", part, ...keys];

/** Why the parts cannot be cut from the dataset's files. */
export function splitProblems({ train, validation, test }: Split, facts: ImageFacts): Problem[] {
  const problems = [
    ...sizeProblems("train", train, facts.parts.train),
    ...sizeProblems("validation", validation, facts.parts.train),
    ...sizeProblems("test", test, facts.parts.test),
  ];
  for (const [name, part] of [["train", train], ["test", test]] as const) {
    if (partSize(part, 1) === 0) {
      problems.push({
        path: at(name),
        message: `The ${name === "train" ? "training" : "test"} part has no examples: it needs at least one`,
      });
    }
  }
  return problems.length > 0 ? problems : overlap(train, validation);
}

/** "shuffled" or not, a part must lie within its file, and within the smallest class where it counts per class. */
function sizeProblems(name: "train" | "validation" | "test", part: SplitPart, file: ImagePair): Problem[] {
  const perClass = "perClass" in part;
  const key = perClass ? "perClass" : "count";
  const wanted = perClass ? part.perClass : part.count;
  if (wanted === 0) return [];
  const there = perClass ? Math.min(...file.perClass) : examplesIn(file);
  if (wanted + part.offset <= there) return [];

  const fileName = name === "test" ? "test file" : "training file";
  const smallest = file.perClass.indexOf(there);
  const holds = perClass
    ? `the ${fileName} has ${there} of class ${smallest}, its smallest`
    : `the ${fileName} has ${there}`;
  const from = part.offset > 0 ? ` from ${part.offset} on` : "";
  const left = there - part.offset;
  const value = `${pathName(at(name, key))} asks for ${wanted} examples${
    perClass ? " of each class" : ""
  }${from}`;
  return [{
    path: at(name, key),
    message: `${value}: ${holds}`,
    notes: [left > 0 ? `Allowed: 0 to ${left}.` : `Allowed: an offset below ${there}.`],
  }];
}

function overlap(train: SplitPart, validation: SplitPart): Problem[] {
  const [a, b] = [interval(train), interval(validation)];
  if (b.end === b.start) return [];
  if ("count" in train !== "count" in validation) {
    const [has, lacks] = "count" in train ? ["count", "perClass"] : ["perClass", "count"];
    return [{
      path: at("validation"),
      message: `The training part is given by "${has}" and the validation part by "${lacks}", both of the ` +
        "training file, so they could overlap",
      notes: [`Next: give both by "${has}" or both by "${lacks}".`],
    }];
  }
  if (a.end <= b.start || b.end <= a.start) return [];
  const unit = "count" in train ? "examples" : "examples of each class";
  const range = ({ start, end }: Interval) => `${unit} ${start} to ${end - 1}`;
  return [{
    path: at("validation"),
    message: `The training and validation parts overlap: training has ${range(a)}, validation ${range(b)}`,
    notes: [`Next: "offset": ${a.end} for the validation part, or leave its offset out.`],
  }];
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

function interval(part: SplitPart): Interval {
  return { start: part.offset, end: part.offset + partSize(part, 1) };
}
