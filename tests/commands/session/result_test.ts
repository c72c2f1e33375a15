import assert from "node:assert/strict";
import { resultInWords, testResult } from "../../../pipeline/commands/session/result.ts";

Deno.test("the result of a run is its loss on the test part and the two parts of that", async () => {
  const test = {
    examples: 500,
    samples: 1,
    loss: 98.314,
    standardError: 0.3,
    reconstruction: 76.12,
    kl: 22.194,
  };
  const bytes = new TextEncoder().encode(JSON.stringify({ test }));
  const result = await testResult({
    read: (name) => Promise.resolve(name === "evaluate/metrics.json" ? bytes : undefined),
  });
  assert.deepEqual(result, { loss: 98.314, reconstruction: 76.12, kl: 22.194 });
  assert.equal(resultInWords(result!), "test loss 98.31 nats = reconstruction 76.12 + KL 22.19");
});

Deno.test("where nothing was measured there is no result", async () => {
  assert.equal(await testResult({ read: () => Promise.resolve(undefined) }), undefined);
});
