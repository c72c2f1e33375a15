import { METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { UserError } from "../../base/errors.ts";
import { nats } from "../../base/words.ts";
import type { Finished } from "../../report/compare/candidate.ts";

/** What a finished run has come to on the test part: nats per example, at KL weight 1. */
export interface TestResult {
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
}

/** Reads a finished run's test losses; undefined where nothing was measured. */
export async function testResult({ read }: Pick<Finished, "read">): Promise<TestResult | undefined> {
  const bytes = await read(METRICS_JSON.name);
  return bytes && testOf(bytes);
}

/** The test losses in the bytes of a `metrics.json`. @throws {UserError} where it has none: anybody may have edited it */
export function testOf(bytes: Uint8Array<ArrayBuffer>): TestResult {
  const { loss, reconstruction, kl } = Object(Object(METRICS_JSON.decode(bytes)).test);
  if (![loss, reconstruction, kl].every(Number.isFinite)) {
    throw new UserError(`Cannot read ${METRICS_JSON.name}: it has no losses of the test part`);
  }
  return { loss, reconstruction, kl };
}

/** "test loss 98.31 nats = reconstruction 76.12 + KL 22.19". */
export function resultInWords({ loss, reconstruction, kl }: TestResult): string {
  return `test loss ${nats(loss)} nats = reconstruction ${nats(reconstruction)} + KL ${nats(kl)}`;
}
