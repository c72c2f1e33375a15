import { z } from "zod";

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

const values = (description: string) => z.record(z.string(), z.unknown()).describe(description);

/**
 * What a sweep is: experiments that are made from base specs by changing values. This one schema gives the types, the
 * validation and `experiments/sweep.schema.json`.
 */
export const sweepSchema = z.strictObject({
  $schema: z.string().optional().describe("The JSON Schema that editors check this file with."),
  name: z.string().regex(NAME).describe(
    "Names the folder of its reports: at most 40 lower-case letters, digits and hyphens, the first no hyphen.",
  ),
  title: z.string().max(120).optional().describe("Heads the comparison. Default: the name."),
  description: z.string().max(2000).optional().describe("Opens the comparison: what it is to show."),
  base: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).describe(
    "The spec that is changed, or several; paths from this file.",
  ),
  set: values('Changes of every cell: `"training.epochs": 5`, paths as in --set.').default({}),
  cases: z.array(z.strictObject({
    name: z.string().trim().min(1).max(40).describe("What the case is called in tables and figures."),
    set: values("What this case changes.").default({}),
  })).min(1).optional().describe("Named sets of changes; each is one way to do it."),
  matrix: z.record(z.string(), z.array(z.unknown()).min(1).describe("The values to try.")).default({})
    .describe(
      'A list of values for each path: `"seed": [1, 2, 3]`. All combinations are run, with each base and case.',
    ),
  exclude: z.array(
    values('Cells to leave out: those where all of these hold, as `{ "case": "lstm", "seed": 3 }`.'),
  )
    .default([]).describe("Cells to leave out."),
});

/** A sweep as its file has it, with defaults. */
export type SweepSpec = z.output<typeof sweepSchema>;
