import { z } from "zod";

/** How the values of a row depend on each other, as a spec writes it. */
const autoregressionSchema = z.strictObject({
  units: z.int().min(0).default(0).describe(
    "Width of the hidden layer through which they are told (Germain et al., 2015); 0: linearly alone (Neal, 1992).",
  ),
});

/** What a likelihood's schema has whose rows may be drawn value after value. */
export const autoregressionFields = {
  autoregressive: autoregressionSchema.optional().describe(
    "Each value of a row (of one step; for symbols, each run of them) is told those before it in its row: p(row) = p(first) p(second | first) ... Default: given z and the steps before they are independent.",
  ),
};

/** A likelihood's settings for it. */
export interface AutoregressionSpec {
  readonly autoregressive?: z.output<typeof autoregressionSchema> | undefined;
}

/** A likelihood in words, with what its rows are. */
export function withAutoregression(words: string, { autoregressive }: AutoregressionSpec): string {
  if (!autoregressive) return words;
  const { units } = autoregressive;
  return `${words}, each given those before it in its row${units > 0 ? ` (${units} hidden units)` : ""}`;
}
