import { z } from "zod";

/** The part of a variant that says what a spec may ask of it. */
export interface VariantSchema {
  /** Has the variant's name as a literal under the key that tells variants apart. */
  readonly schema: z.ZodObject;
}

/**
 * The schema of whatever a table of variants lists, told apart by one key.
 *
 * @param key the key that every variant's schema has as a literal: `architecture`, `family`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { variantUnion } from "reparam";
 * import { z } from "zod";
 *
 * const circle = { schema: z.strictObject({ shape: z.literal("circle"), radius: z.number().positive() }) };
 * const square = { schema: z.strictObject({ shape: z.literal("square"), side: z.number().positive() }) };
 * const drawn = variantUnion("shape", { circle, square });
 * assert.equal(drawn.safeParse({ shape: "square", side: 2 }).success, true);
 * assert.equal(drawn.safeParse({ shape: "square", radius: 2 }).success, false);
 * ```
 */
export function variantUnion<Table extends Readonly<Record<string, VariantSchema>>>(
  key: string,
  table: Table,
): z.ZodDiscriminatedUnion<[Table[keyof Table]["schema"], ...Table[keyof Table]["schema"][]]> {
  const schemas = Object.values(table).map(({ schema }) => schema);
  return z.discriminatedUnion(
    key,
    schemas as [Table[keyof Table]["schema"], ...Table[keyof Table]["schema"][]],
  );
}
