import { z } from "zod";

/** The JSON Schema of a zod schema, in draft 7, which is what editors understand best. */
export function jsonSchemaOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      // Bounds of exact integers say nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Who names a module need not say that it is one.
      const { properties = {}, required } = jsonSchema;
      if (Object.hasOwn(properties, "module")) {
        jsonSchema.required = required?.filter((key) => Object(properties[key]).const !== "module") ?? [];
      }
    },
  });
}
