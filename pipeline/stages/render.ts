import { writeArtifact } from "../artifacts/artifact.ts";
import { hasClasses } from "../artifacts/dataset.ts";
import { type FigureEntry, type FigureList, FIGURES_JSON } from "../artifacts/figures_json.ts";
import { enlarge } from "../figures/drawing/image.ts";
import { encodePng } from "../formats/png.ts";
import { samplePrior } from "../inference/prior.ts";
import { sampleAggregatePosterior } from "../inference/aggregate_posterior.ts";
import { compileEncoder } from "../inference/encoder.ts";
import { compileDecoder } from "../inference/decoder.ts";
import { layersOf } from "../inference/layers.ts";
import { openTrained } from "../inference/trained.ts";
import { UserError } from "../base/errors.ts";
import { lastName, type OwnFigure } from "../base/own_module.ts";
import type { Drawn, NotDrawn } from "../figures/figure.ts";
import type { RenderContext } from "./render/context.ts";
import { readFigureData, readStudies } from "./render/load.ts";
import { loadModel, openEngine } from "./roles.ts";

/** A PNG is enlarged by whole numbers to about this width in pixels. */
const PNG_WIDTH = 1200;

/** Draws the figures that the spec asks for, in its order. */
export async function run(context: RenderContext): Promise<void> {
  const { slice, signal } = context;
  const kind = await context.load("kind");
  const read = await readFigureData(context);
  const studies = await readStudies(context);
  const engine = await openEngine(context);
  try {
    const weights = await Deno.readFile(context.input("train/weights.safetensors"));
    const modules = await loadModel(context);
    using trained = openTrained(engine, slice.model, modules, read.info, weights);
    const decoder = compileDecoder(engine, trained.parameters, trained.vae, read.info.shape);
    const encoder = compileEncoder(engine, trained.parameters, trained.vae, read.train.size);
    const training = {
      part: read.train,
      name: "train",
      seed: slice.seed,
      dynamic: read.info.binarisation === "dynamic",
    } as const;
    const layers = layersOf(
      modules,
      slice.model,
      read.info.shape,
      trained.vae,
      trained.parameters,
    );
    const common = {
      ...read,
      layers,
      parameters: trained.vae.variables.reduce((sum, { size }) => sum + size, 0),
      samplePrior: (stream: string, count: number) => samplePrior(trained, slice.seed, stream, count),
      sampleAggregatePosterior: (stream: string, count: number) =>
        sampleAggregatePosterior(trained, training, stream, count),
      encode: encoder.encode,
      decode: decoder.decode,
    };
    const data = await kind.figureData(context, common, decoder, slice.generation);
    const figures: FigureEntry[] = [];
    const omitted: FigureList["omitted"][number][] = [];
    const { show, own = [] } = slice.figures;
    const wanted = [...new Set(show), ...own.map(({ name }) => name)];
    for (const [i, name] of wanted.entries()) {
      signal.throwIfAborted();
      context.progress({ fraction: i / wanted.length, text: `drawing ${name}` });
      if (slice.inapplicable.includes(name)) {
        omitted.push({ name, reason: "There is no such figure of these data." });
        continue;
      }
      if (slice.comparingClasses.includes(name) && !hasClasses(read.info)) {
        omitted.push({ name, reason: "It compares classes, and there is one class alone." });
        continue;
      }
      if (slice.ignoringClasses?.includes(name)) {
        omitted.push({ name, reason: "It decodes codes of no class, and the model is told a class." });
        continue;
      }
      const { draw } = await context.load(`figure/${name}`);
      const ownFigure = own.find((figure) => figure.name === name);
      const drawn = ownFigure
        ? requireDrawing(draw({ ...data, options: ownFigure.options }), ownFigure)
        : draw({ ...data, study: studies.get(name) });
      if ("reason" in drawn) {
        omitted.push({ name, reason: drawn.reason });
        continue;
      }
      const files = [`figures/${name}.svg`];
      await Deno.writeTextFile(context.output(files[0]!), drawn.svg);
      if (drawn.picture) {
        const factor = Math.max(1, Math.round(PNG_WIDTH / drawn.picture.width));
        files.push(`figures/${name}.png`);
        await Deno.writeFile(context.output(files[1]!), encodePng(enlarge(drawn.picture, factor)));
      }
      const sounds = await kind.writeSounds(context, name, drawn, data);
      const { title, caption, alt, table } = drawn;
      figures.push({
        name,
        title,
        caption,
        alt,
        files,
        ...(sounds ? { sounds } : {}),
        ...(table ? { table } : {}),
        command: ownFigure ? "deno task run path/to/spec.json" : commandFor(name),
      });
    }
    await writeArtifact(context, FIGURES_JSON, { figures, omitted });
    context.record("engine", `${engine.name}, ${engine.version}`);
    encoder.dispose();
    decoder.dispose();
  } finally {
    engine.dispose();
  }
}

/** Holds what a module of the user's returns to what a figure is. */
function requireDrawing(drawn: unknown, { module }: OwnFigure): Drawn | NotDrawn {
  const given: Readonly<Record<string, unknown>> = typeof drawn === "object" ? { ...drawn } : {};
  if (typeof given.reason === "string") return { reason: given.reason };
  const missing = (["title", "caption", "alt", "svg"] as const).find((key) => typeof given[key] !== "string");
  const isDrawing = typeof given.svg === "string" && /^<svg[\s>]/.test(given.svg);
  if (missing === undefined && isDrawing) return drawn as Drawn;
  throw new UserError(
    missing === undefined
      ? `Cannot show what ${lastName(module)} draws: its svg does not begin with <svg`
      : `Cannot show what ${lastName(module)} draws: it has no ${missing}`,
    { notes: ["draw returns title, caption, alt and svg, or a reason why there is no figure."] },
  );
}

/** `spec.json` is the resolved spec that lies in every report. */
function commandFor(name: string): string {
  return `deno task run path/to/spec.json --set 'figures.show=["${name}"]'`;
}
