import assert from "node:assert/strict";
import type { OptimiserModule } from "../../../pipeline/engine/update/optimisers/optimiser.ts";
import { optimiserOf, OPTIMISERS } from "../../../pipeline/engine/update/optimisers/optimisers.ts";

Deno.test("an optimiser's name is the same in the table, in its schema and in its rule", async () => {
  for (const [name, { schema, module }] of Object.entries(OPTIMISERS)) {
    const spec = schema.parse({ name });
    const { updateRule }: OptimiserModule = await import(module.href);
    assert.equal(updateRule(spec).name, name);
    assert.equal(optimiserOf(spec), OPTIMISERS[name as keyof typeof OPTIMISERS]);
  }
});

Deno.test("optimisers have the defaults that are usual, and refuse settings that make no sense", () => {
  const { sgd, adam, adamw } = OPTIMISERS;
  assert.deepEqual(sgd.schema.parse({ name: "sgd" }), { name: "sgd", momentum: 0 });
  assert.deepEqual(adam.schema.parse({ name: "adam" }), {
    name: "adam",
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  });
  assert.equal(adamw.schema.safeParse({ name: "adamw", beta1: 1 }).success, false);
  assert.equal(sgd.schema.safeParse({ name: "sgd", nesterov: true }).success, false);
});

Deno.test("optimisers are put into words", () => {
  const { sgd, adam, adamw } = OPTIMISERS;
  assert.equal(sgd.words({ name: "sgd", momentum: 0.9 }), "SGD, momentum 0.9");
  assert.equal(adam.words(adam.schema.parse({ name: "adam" })), "Adam, β 0.9 and 0.999");
  assert.equal(adamw.words(adamw.schema.parse({ name: "adamw", beta1: 0.8 })), "AdamW, β 0.8 and 0.999");
});
