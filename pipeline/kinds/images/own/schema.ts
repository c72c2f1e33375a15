import { z } from "zod";

const amount = z.union([
  z.strictObject({
    share: z.number().gt(0).lt(1).describe("Share of the examples, the same of each class."),
  }),
  z.strictObject({ count: z.int().min(1).describe("How many examples.") }),
  z.strictObject({ perClass: z.int().min(1).describe("How many examples of each class.") }),
]);

/** How many examples each part of the user's own data has: a fragment of the schema. */
export const ownParts = {
  train: amount.optional().describe("Default: all that the other parts leave."),
  validation: amount.optional().describe("Default: none, or all that are given as validation examples."),
  test: amount.optional().describe("Default: a tenth of each class, or all that are given as test examples."),
};

const words = (most: number) => z.string().min(1).max(most);

/** What a user's own data are called and who made them: the key of a spec. */
export const about = z.strictObject({
  title: words(100).optional().describe("What the data are called in reports: CIFAR-10."),
  noun: words(30).optional().describe("What one example is called: shirt."),
  nouns: words(30).optional().describe("What several are called. Default: the noun with an s."),
  authors: z.array(words(200)).max(100).optional().describe("Who made them."),
  licence: words(200).optional().describe("On what terms they may be used."),
  url: z.url().optional().describe("Where they are described."),
}).optional().describe("What the report says of the data.");

const parts = z.strictObject(ownParts);

/** How many examples a part has. */
export type Amount = z.output<typeof amount>;
/** How many examples each part has; undefined where a spec does not say. */
export type OwnParts = z.output<typeof parts>;
/** What a spec says of data that are the user's own. */
export type About = z.output<typeof about>;
