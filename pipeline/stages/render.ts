import { writeMidi } from "../kinds/music/midi.ts";
import type { MusicInfo } from "../kinds/music/music.ts";
import { rollNotes } from "../kinds/music/piano_roll.ts";
import type { FigureEntry, FigureList, Sound } from "../artifacts/figures_json.ts";
import { enlarge } from "../figures/image.ts";
import { encodePng } from "../formats/png.ts";
import type { StageContext } from "../graph/stage.ts";
import type { FigureName } from "../spec/schema.ts";
import { scoreOf } from "../kinds/music/generation.ts";
import { compileDecoder } from "../inference/decoder.ts";
import { openTrained } from "../inference/trained.ts";
import { loadModel, type ModelRoles, openEngine } from "./roles.ts";
import { drawManifoldAnimation, drawPosteriorAnimation } from "./render/animations.ts";
import type { Draw, DrawnSound, NotDrawn, RenderSlice } from "./render/drawn.ts";
import { loadRenderData } from "./render/load.ts";
import { drawInterpolation, drawManifold, drawPriorSamples, drawReconstructions } from "./render/pictures.ts";
import {
  drawClassRolls,
  drawInterpolatedRolls,
  drawMusicStatistics,
  drawReconstructedRolls,
  drawSampledRolls,
} from "./render/rolls.ts";
import {
  drawArchitecture,
  drawImportanceBound,
  drawKlPerDimension,
  drawLatentScatter,
  drawLearningCurves,
  drawPosteriorEvolution,
} from "./render/plots.ts";
import { drawAttributes, drawClassPictures, drawCompletion, drawDenoising } from "./render/studies.ts";

type Drawers = Readonly<Partial<Record<FigureName, Draw>>>;

const PLOTS: Drawers = {
  "architecture": drawArchitecture,
  "learning-curves": drawLearningCurves,
  "latent-scatter": drawLatentScatter,
  "posterior-evolution": drawPosteriorEvolution,
  "posterior-animation": drawPosteriorAnimation,
  "kl-per-dimension": drawKlPerDimension,
  "importance-bound": drawImportanceBound,
};

const OF_IMAGES: Drawers = {
  ...PLOTS,
  "prior-samples": drawPriorSamples,
  "manifold": drawManifold,
  "reconstructions": drawReconstructions,
  "interpolation": drawInterpolation,
  "manifold-animation": drawManifoldAnimation,
  "completion": drawCompletion,
  "denoising": drawDenoising,
  "attributes": drawAttributes,
  "class-samples": drawClassPictures,
};

const OF_MUSIC: Drawers = {
  ...PLOTS,
  "prior-samples": drawSampledRolls,
  "reconstructions": drawReconstructedRolls,
  "class-samples": drawClassRolls,
  "interpolation": drawInterpolatedRolls,
  "music-statistics": drawMusicStatistics,
};

const NOT_FOR_THESE_DATA: NotDrawn = { reason: "There is no such figure of these data." };

/** A PNG is enlarged by whole numbers to about this width in pixels. */
const PNG_WIDTH = 1200;

/** Draws the figures that the spec asks for, in its order. */
export async function run(context: StageContext<RenderSlice, null, ModelRoles>): Promise<void> {
  const { slice, signal } = context;
  const loaded = await loadRenderData(context);
  const engine = await openEngine(context);
  try {
    const weights = await Deno.readFile(context.input("train/weights.safetensors"));
    const modules = await loadModel(context);
    using trained = openTrained(engine, slice.model, modules, loaded.info.shape, weights);
    const decoder = compileDecoder(engine, trained.parameters, trained.vae, loaded.info.shape);
    const layers = modules.architecture.describeLayers(slice.model, loaded.info.shape);
    const data = { ...loaded, layers, decode: decoder.decode, decoder };
    const figures: FigureEntry[] = [];
    const omitted: { name: string; reason: string }[] = [];
    const wanted = [...new Set(slice.figures.show)];
    for (const [i, name] of wanted.entries()) {
      signal.throwIfAborted();
      context.progress({ fraction: i / wanted.length, text: `drawing ${name}` });
      const drawn = (loaded.info.music ? OF_MUSIC : OF_IMAGES)[name]?.(data) ?? NOT_FOR_THESE_DATA;
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
      const sounds = data.music && await writeSounds(context, name, drawn.sounds ?? [], data.music.info);
      const { title, caption, alt } = drawn;
      figures.push({
        name,
        title,
        caption,
        alt,
        files,
        ...(sounds ? { sounds } : {}),
        command: commandFor(name),
      });
    }
    const list: FigureList = { figures, omitted };
    await Deno.writeTextFile(context.output("figures.json"), JSON.stringify(list, null, 2) + "\n");
    context.record("engine", `${engine.name}, ${engine.version}`);
    decoder.dispose();
  } finally {
    engine.dispose();
  }
}

async function writeSounds(
  context: Pick<StageContext, "output">,
  figure: FigureName,
  sounds: readonly DrawnSound[],
  info: MusicInfo,
): Promise<Sound[]> {
  return await Promise.all(sounds.map(async ({ title, roll, tempo }, i) => {
    const file = `midi/${figure}-${String(i + 1).padStart(2, "0")}.mid`;
    await Deno.writeFile(context.output(file), writeMidi(scoreOf(roll, title, info, tempo)));
    return {
      title,
      file,
      secondsPerStep: 60 / tempo / info.format.stepsPerQuarter,
      notes: rollNotes(roll).map(({ pitch, onset, end }) => [pitch, onset, end] as const),
    };
  }));
}

/** `spec.json` is the resolved spec that lies in every report. */
function commandFor(name: FigureName): string {
  return `deno task run path/to/spec.json --set 'figures.show=["${name}"]'`;
}
