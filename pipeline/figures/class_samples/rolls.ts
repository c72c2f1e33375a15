import { randomStream } from "../../base/random.ts";
import { sampleRegion } from "../../metrics/class_region.ts";
import { rollAt } from "../../metrics/music.ts";
import { cellsInWords, drawRolls, HOW_TO_READ } from "../drawing/rolls.ts";
import type { Drawn, DrawnSound } from "../figure.ts";
import type { MusicFigureData } from "../kinds.ts";

/** Rolls of each class. */
const PER_CLASS = 2;

/** Draws rolls that are decoded from the region of each class. */
export function draw(data: MusicFigureData): Drawn {
  const { seed, model: { latentSize, conditional }, info: { classes }, regions } = data;
  const size = PER_CLASS * latentSize;
  const noise = randomStream(seed, "render/classes").fillNormal(new Float32Array(classes.length * size));
  const present = regions.flatMap((region, label) => region ? [{ region, label }] : []);
  const codes = new Float32Array(present.length * size);
  present.forEach(({ region }, i) => {
    const own = noise.subarray(i * size, (i + 1) * size);
    codes.set(conditional ? own : sampleRegion(region, own), i * size);
  });
  const labels = present.flatMap(({ label }) => new Array<number>(PER_CLASS).fill(label));
  const made = data.generate(codes, "class samples", labels);
  const rows = present.flatMap(({ label }, i) =>
    Array.from({ length: PER_CLASS }, (_, k): DrawnSound => ({
      title: `${classes[label]} ${k + 1}`,
      roll: rollAt(made, i * PER_CLASS + k),
      tempo: data.tempoOf(label),
    }))
  );
  const title = "Samples of each class";
  const how = conditional
    ? "decoded from z ~ N(0, I) with the class that it is told, at the class's median tempo."
    : "decoded from the Gaussian that has the mean and covariance of the class's training posteriors, at the class's " +
      "median tempo. The model never saw a label.";
  const caption = `${PER_CLASS} windows of each class, ${how} ` +
    `${HOW_TO_READ} ${cellsInWords(data)}`;
  const alt = `Piano rolls of ${PER_CLASS} generated windows each of ${
    present.map(({ label }) => classes[label]).join(", ")
  }.`;
  return drawRolls("class-samples", { title, caption, alt }, rows, data);
}
