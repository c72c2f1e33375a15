import {
  examplesIn,
  type ImageFacts,
  type Split,
  type SplitPart,
  type WrittenPart,
  type WrittenSplit,
} from "./schema.ts";

/**
 * Settles what a spec leaves open of a split: all examples before the validation part train, all of the test file
 * test.
 */
export function fillSplit(split: WrittenSplit, files: ImageFacts["parts"]): Split {
  const wanted = split.validation;
  const beforeValidation = wanted?.offset ?? examplesIn(files.train) - (wanted ? amount(wanted) : 0);
  const train = settle(split.train ?? { count: Math.max(0, beforeValidation) }, 0);
  const none: WrittenPart = "count" in train ? { count: 0 } : { perClass: 0 };
  return {
    ...split,
    train,
    validation: settle(wanted ?? none, train.offset + amount(train)),
    test: settle(split.test ?? { count: examplesIn(files.test) }, 0),
  };
}

function amount(part: WrittenPart | SplitPart): number {
  return "count" in part ? part.count : part.perClass;
}

function settle(part: WrittenPart, offset: number): SplitPart {
  return { ...part, offset: part.offset ?? offset };
}
