import assert from "node:assert/strict";
import { SCHEMA_FILES } from "../../pipeline/spec/json_schema.ts";

Deno.test("the schema files in experiments are what the code says; `deno task schema` writes them", async () => {
  for (const { url, text } of SCHEMA_FILES) assert.equal(await Deno.readTextFile(url), text());
});
