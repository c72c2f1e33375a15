import * as d3 from "d3";
import {
  addGrid,
  bottomAxis,
  createFigure,
  type ExperimentEvent,
  imagesOf,
  leftAxis,
  padded,
  type Plot,
  SERIES,
  sizeOf,
  WIDTH,
} from "reparam";

/** What the notebooks show, as Jupyter displays it: drawings, pictures, sound, and a curve that grows. */

/** The name by which a kernel asks a value how it looks. */
const DISPLAY = Symbol.for("Jupyter.display");

/** A value that Jupyter can show. */
export interface Shown {
  /** What it looks like, by media type. */
  readonly [media: symbol]: () => Readonly<Record<string, string>>;
}

function shown(media: Readonly<Record<string, string>>): Shown {
  return { [DISPLAY]: () => media };
}

/** A figure of a report: its SVG. */
export function drawing(svg: string | Uint8Array): Shown {
  return shown({ "image/svg+xml": typeof svg === "string" ? svg : new TextDecoder().decode(svg) });
}

/** Pictures side by side: flat values in [0, 1], one picture after the other. @param shape of each picture */
export function pictures(values: Float32Array, shape: readonly number[], columns = 10): Shown {
  const count = values.length / sizeOf(shape);
  const tile = WIDTH / columns;
  const rows = Math.ceil(count / columns);
  const description = `${count} pictures in rows of ${columns}.`;
  const figure = createFigure("pictures", WIDTH, rows * tile * shape[0]! / shape[1]!, {
    title: "Pictures",
    description,
  });
  const images = imagesOf(shape, values);
  addGrid(figure.root, images, { x: 0, y: 0, width: Math.min(count, columns) * tile, columns, gap: 1 });
  return drawing(figure.toString());
}

const RATE = 22_050;

/** A row of a figure of piano rolls, as `render/figures.json` has it. */
export interface Melody {
  readonly title: string;
  /** MIDI pitches; onset and end in steps. */
  readonly notes: readonly (readonly [pitch: number, onset: number, end: number])[];
  readonly secondsPerStep: number;
}

/** Something to listen to: plain tones that fade. */
export function sound({ title, notes, secondsPerStep }: Melody): Shown {
  const last = Math.max(0, ...notes.map(([, , end]) => end));
  const samples = new Float32Array(Math.ceil(RATE * (last * secondsPerStep + 0.5)));
  for (const [pitch, onset, end] of notes) {
    const frequency = 440 * 2 ** ((pitch - 69) / 12);
    const from = Math.round(RATE * onset * secondsPerStep);
    const length = Math.round(RATE * ((end - onset) * secondsPerStep + 0.2));
    for (let i = 0; i < length && from + i < samples.length; i++) {
      const t = i / RATE;
      const fade = Math.min(1, t / 0.01) * Math.exp(-2.5 * t) * Math.min(1, (length - i) / (0.2 * RATE));
      const turn = 2 * Math.PI * frequency * t;
      samples[from + i]! += fade * (Math.sin(turn) + 0.4 * Math.sin(2 * turn) + 0.15 * Math.sin(3 * turn));
    }
  }
  return shown({
    "text/html": `<p>${escaped(title)}</p><audio controls src="data:audio/wav;base64,${
      wav(samples).toBase64()
    }"></audio>`,
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** One channel of 16 bits, as loud as it can be. */
function wav(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const bytes = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at: number, letters: string) =>
    [...letters].forEach((letter, i) => bytes.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, 2 * RATE, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, i) => bytes.setInt16(44 + 2 * i, Math.round(32_000 * value / loudest), true));
  return new Uint8Array(bytes.buffer);
}

/** The part of Deno's kernel that shows something beside a cell's last value. */
interface Kernel {
  display(value: unknown, options: { readonly display_id: string; readonly update: boolean }): Promise<void>;
}

/** Milliseconds from one drawing of a curve to the next. */
const PAUSE = 500;

/** The loss of a training, drawn anew while it falls. Where nothing has to be trained, nothing is drawn. */
export class LiveCurve {
  readonly #kernel = (Deno as unknown as { readonly jupyter: Kernel }).jupyter;
  readonly #id = `curve-${crypto.randomUUID()}`;
  readonly #points: (readonly [epoch: number, loss: number])[] = [];
  #drawn = -Infinity;
  #waiting = Promise.resolve();
  #isShown = false;

  /** Give it to `run`: `run({ onEvent: curve.onEvent })`. */
  readonly onEvent = ({ stage, values }: ExperimentEvent): void => {
    if (stage !== "train" || values?.epoch === undefined || values.loss === undefined) return;
    this.#points.push([values.epoch, values.loss]);
    if (performance.now() - this.#drawn < PAUSE) return;
    this.#drawn = performance.now();
    this.#draw();
  };

  /** Draws the last points. */
  async end(): Promise<void> {
    this.#draw();
    await this.#waiting;
  }

  #draw(): void {
    if (this.#points.length < 2) return;
    const value = drawing(curveOf(this.#points));
    const update = this.#isShown;
    this.#isShown = true;
    this.#waiting = this.#waiting.then(() => this.#kernel.display(value, { display_id: this.#id, update }));
  }
}

function curveOf(points: readonly (readonly [epoch: number, loss: number])[]): string {
  const [epoch, loss] = points.at(-1)!;
  const plot: Plot = { left: 44, top: 8, width: WIDTH - 54, height: 110 };
  const figure = createFigure("live-curve", WIDTH, plot.top + plot.height + 34, {
    title: "Training",
    description: `The loss is ${loss.toFixed(1)} nats after ${epoch.toFixed(1)} epochs.`,
  });
  // The first steps are so far up that they would hide all others.
  const kept = points.slice(Math.min(Math.floor(points.length / 20), 20));
  const x = d3.scaleLinear([0, Math.max(1, epoch)], [plot.left, plot.left + plot.width]);
  const y = d3.scaleLinear(padded(d3.extent(kept, ([, loss]) => loss) as [number, number]), [
    plot.top + plot.height,
    plot.top,
  ]);
  leftAxis(figure.root, plot, y, { label: "loss (nats)" });
  bottomAxis(figure.root, plot, x, { label: "epoch", grid: false });
  figure.root.append("path").attr("d", d3.line()(kept.map(([at, loss]) => [x(at), y(loss)])))
    .attr("fill", "none").attr("stroke", SERIES.train.colour).attr("stroke-width", 1.5);
  return figure.toString();
}
