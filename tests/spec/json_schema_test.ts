import assert from "node:assert/strict";
import { SCHEMA_FILE, schemaFileText } from "../../pipeline/spec/json_schema.ts";

Deno.test("experiments/experiment.schema.json is what the code says; `deno task schema` writes it", async () => {
  assert.equal(await Deno.readTextFile(SCHEMA_FILE), schemaFileText());
});
