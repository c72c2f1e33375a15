import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import { refuseLarge } from "../../../pipeline/engine/webgpu/parameters.ts";

Deno.test("what no buffer of the GPU can hold is refused, with what to try", () => {
  refuseLarge(2 ** 30, 2 ** 30, "the step's tensors");
  assert.throws(() => refuseLarge(2 ** 31, 2 ** 30, "the step's tensors"), (error: UserError) => {
    assert.match(error.message, /the step's tensors need 2\.0 GiB, and a buffer there holds 1\.0 GiB/);
    assert.match(error.notes.join(), /smaller batch/);
    return error instanceof UserError;
  });
});
