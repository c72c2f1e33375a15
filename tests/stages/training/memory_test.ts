import assert from "node:assert/strict";
import { refuseTooLarge } from "../../../pipeline/stages/training/memory.ts";

Deno.test("a model that fits passes, and one that does not is refused with what it needs and what there is", () => {
  refuseTooLarge(800_000, 20, 1e9);
  assert.throws(() => refuseTooLarge(2e9, 2, 24e9), {
    message:
      "Cannot train this model: training its 2,000,000,000 parameters would need 48 GB; the machine has 24 GB",
  });
  assert.throws(() => refuseTooLarge(1000, 80_000, 24e9), {
    message:
      "Cannot train this model: evaluating 80,000 latent dimensions would need 102 GB; the machine has 24 GB",
  });
});
