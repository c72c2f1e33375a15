import assert from "node:assert/strict";
import { IMPORTANCE_CSV } from "../../pipeline/artifacts/importance_csv.ts";
import { KL_PER_DIMENSION_CSV } from "../../pipeline/artifacts/kl_per_dimension_csv.ts";
import { lossCurve, METRICS_CSV } from "../../pipeline/artifacts/metrics_csv.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (text: string) => new TextEncoder().encode(text);

const losses = (loss: number) => ({ loss, reconstruction: loss - 1, kl: 1, objective: loss + 0.5 });
const EPOCHS = [
  {
    epoch: 0,
    step: 0,
    learningRate: 0.01,
    klWeight: 0,
    train: undefined,
    test: losses(9),
    validation: undefined,
  },
  {
    epoch: 1,
    step: 8,
    learningRate: 1e-7,
    klWeight: 0.5,
    train: losses(7),
    test: losses(8),
    validation: undefined,
  },
];

Deno.test("metrics.csv has a row for each epoch and empty fields where nothing was measured", () => {
  assert.equal(
    text(METRICS_CSV.encode(EPOCHS)),
    "epoch,step,learning_rate,kl_weight,train_loss,train_reconstruction,train_kl,train_objective," +
      "test_loss,test_reconstruction,test_kl,test_objective," +
      "validation_loss,validation_reconstruction,validation_kl,validation_objective\r\n" +
      "0,0,0.01,0,,,,,9,8,1,9.5,,,,\r\n" +
      "1,8,1e-7,0.5,7,6,1,7.5,8,7,1,8.5,,,,\r\n",
  );
});

Deno.test("metrics.csv reads back as it was: a loss that was not measured is none, and not 0", () => {
  const read = METRICS_CSV.decode(METRICS_CSV.encode(EPOCHS));
  assert.deepEqual(read, EPOCHS);
  assert.deepEqual(lossCurve(read, "train", "loss"), [NaN, 7]);
  assert.deepEqual(lossCurve(read, "validation", "kl"), [NaN, NaN]);
});

Deno.test("a table without a column that it should have is refused by name", () => {
  assert.throws(() => METRICS_CSV.decode(bytes("epoch,step\r\n0,0\r\n")), /metrics\.csv: it has no column/);
  assert.throws(() => IMPORTANCE_CSV.decode(bytes("samples\r\n1\r\n")), /importance\.csv: it has no column/);
});

Deno.test("importance.csv: a standard error that does not exist is null", () => {
  const estimates = [
    { samples: 1, logLikelihood: -100.5, standardError: null },
    { samples: 5, logLikelihood: -98, standardError: 0.25 },
  ];
  const encoded = IMPORTANCE_CSV.encode(estimates);
  assert.equal(text(encoded), "samples,log_likelihood,standard_error\r\n1,-100.5,\r\n5,-98,0.25\r\n");
  assert.deepEqual(IMPORTANCE_CSV.decode(encoded), estimates);
});

Deno.test("kl-per-dimension.csv counts dimensions from 1", () => {
  const dimensions = [{ kl: 2.5, variance: 0.9, active: true }, { kl: 0, variance: 1e-9, active: false }];
  const encoded = KL_PER_DIMENSION_CSV.encode(dimensions);
  assert.equal(text(encoded), "dimension,kl,variance_of_mean,active\r\n1,2.5,0.9,true\r\n2,0,1e-9,false\r\n");
  assert.deepEqual(KL_PER_DIMENSION_CSV.decode(encoded), dimensions);
});
