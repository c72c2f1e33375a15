import assert from "node:assert/strict";
import { parseExperiment } from "../../pipeline/spec/load.ts";
import { refusal } from "./refusal.ts";

type Changes = Readonly<Record<string, unknown>>;

const spec = (changes: Changes = {}, model: Changes = {}) =>
  JSON.stringify({
    name: "s",
    dataset: { name: "mnist" },
    model: {
      architecture: "dense",
      latentSize: 2,
      encoder: { units: [8], activation: "relu" },
      decoder: { units: [8] },
      ...model,
    },
    objective: { name: "gan" },
    ...changes,
  });

Deno.test("a GAN and a VAE-GAN are taken as they are, with a penalty on the discriminator's gradient", () => {
  for (const name of ["gan", "vae-gan"]) {
    const { objective } = parseExperiment(spec({ objective: { name } }), "s.json").spec;
    assert.equal((objective as { gradientPenalty?: number }).gradientPenalty, 1);
  }
});

Deno.test("where a discriminator would have nothing to learn, or the decoder nothing from it, the spec says so", () => {
  const gan = (more: Changes) => ({ objective: { name: "gan", ...more } });
  const lstm = { architecture: "lstm", encoder: { units: 4 }, decoder: { units: 4, autoregressive: {} } };
  assert.match(
    refusal(spec({ dataset: { name: "mnist", binarisation: "dynamic" } })),
    /A GAN needs examples with values between 0 and 1: .* dataset\.binarisation is none/,
  );
  assert.match(
    refusal(spec({}, { likelihood: { family: "gaussian", standardDeviation: "decoder" } })),
    /nothing would train the deviations/,
  );
  assert.match(refusal(spec({ kl: { schedule: "constant", freeBits: 0.1 } })), /no KL term that free bits/);
  assert.match(refusal(spec({ training: { batchSize: 1 } })), /one is too few/);
  assert.match(refusal(spec({}, { conditional: true })), /discriminator that is told no class/);
  assert.match(
    refusal(
      spec({
        dataset: { name: "mnist", split: { validation: { count: 100 } } },
        training: { earlyStopping: { patience: 2 } },
      }),
    ),
    /A GAN is a game .* leave training\.earlyStopping out/,
  );
  assert.match(
    refusal(spec({ ...gan({ gradientPenalty: 0 }), model: { latentSize: 2, ...lstm } })),
    /reads its own/,
  );
});

Deno.test("the gradient penalty is refused where its own gradient would be wrong", () => {
  for (const activation of ["tanh", "sigmoid", "elu"]) {
    const encoder = { units: [8], activation };
    assert.match(refusal(spec({}, { encoder })), /twice here: relu, softplus, linear/);
    parseExperiment(spec({ objective: { name: "gan", gradientPenalty: 0 } }, { encoder }), "s.json");
  }
});
