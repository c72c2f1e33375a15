import { type Case, readTensors } from "./case.ts";
import { Absent, Contestant, type Entry, settingText } from "./contestant.ts";

/** The largest difference allowed, relative to the largest entry of a gradient, or to a loss. */
const tolerance = 1e-4;

/**
 * Shows that all contestants compute the same: gradients and loss from the same weights, noise and batch, and
 * the losses after each of three updates, against the first contestant that is there. Returns whether they do.
 */
export async function check(entries: readonly Entry[], files: Case, folder: string): Promise<boolean> {
  let reference: Awaited<ReturnType<typeof answer>> | undefined;
  let agree = true;
  // Threads and pages do not change what is computed.
  const most = Math.max(...entries.map(({ setting }) => Number(setting["threads"] ?? 0)));
  const distinct = entries.filter(({ setting: { threads = most, pages } }) =>
    threads === most && pages !== "kept"
  );
  // Most of what this takes is their start.
  const started = distinct.map((entry) => Contestant.start(entry, files));
  await Promise.allSettled(started);
  for (const [i, entry] of distinct.entries()) {
    const label = [files.model, files.batch, entry.name, settingText(entry.setting)].join(" ").trim();
    try {
      const own = await answer(await started[i]!, `${folder}/gradients.safetensors`);
      if (!reference) {
        reference = own;
        console.log(`${label}: the reference, losses ${own.losses.join(" ")}`);
        continue;
      }
      const { gradients, losses } = reference;
      const apart = Object.entries(gradients).map(([name, { data }]) => {
        return { name, error: difference(data, own.gradients[name]!.data) };
      });
      const worst = apart.reduce((a, b) => b.error > a.error ? b : a);
      const lossError = Math.max(
        ...losses.map((loss, i) => Math.abs(own.losses[i]! - loss) / Math.abs(loss)),
      );
      const same = worst.error <= tolerance && lossError <= tolerance;
      agree &&= same;
      const errors = `gradients differ by ${worst.error.toExponential(1)} (${worst.name}), ` +
        `losses by ${lossError.toExponential(1)}`;
      console.log(`${label}: ${errors}${same ? "" : `, more than ${tolerance}`}`);
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      console.log(`${label}: absent: ${error.message}`);
    }
  }
  return agree;
}

async function answer(contestant: Contestant, file: string) {
  const losses = await contestant.check(file);
  await contestant.stop();
  return { losses, gradients: await readTensors(file) };
}

/** The largest difference of two arrays, relative to the largest entry of the first. */
function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`Cannot compare ${a.length} values with ${b.length}`);
  let [largest, apart] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(a[i]!));
    apart = Math.max(apart, Math.abs(a[i]! - b[i]!));
  }
  return apart / largest;
}
