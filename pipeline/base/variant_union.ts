import { z } from "zod";

/** The part of a variant that says what a spec may ask of it. */
export interface VariantSchema {
  readonly schema: z.ZodObject;
}

type Schemas<Table extends Readonly<Record<string, VariantSchema>>> = Table[keyof Table]["schema"];

/**
 * The schema of whatever a table of variants lists, told apart by one key.
 *
 * @param key the key that every variant's schema has as a literal: `architecture`, `family`
 */
export function variantUnion<Table extends Readonly<Record<string, VariantSchema>>>(
  key: string,
  table: Table,
): z.ZodDiscriminatedUnion<[Schemas<Table>, ...Schemas<Table>[]]> {
  const schemas = Object.values(table).map(({ schema }) => schema) as [Schemas<Table>, ...Schemas<Table>[]];
  return z.discriminatedUnion(key, schemas) as z.ZodDiscriminatedUnion<typeof schemas>;
}
