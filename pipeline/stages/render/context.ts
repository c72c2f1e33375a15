import type { Sound } from "../../artifacts/figures_json.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Drawn, FigureData, FigureModule, LikelihoodWords, Nouns } from "../../figures/figure.ts";
import type { FigureOptions, FigureRole } from "../../figures/figures.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { GenerationSpec, ModelSpec } from "../../spec/schema.ts";
import type { Decoder } from "../../inference/decoder.ts";
import type { ModelRoles } from "../roles.ts";

/** The part of a spec that can change a figure. */
export interface RenderSlice {
  readonly model: ModelSpec;
  readonly figures: FigureOptions & { readonly show: readonly string[] };
  /** Those of the figures to show that do not exist of these data. */
  readonly inapplicable: readonly string[];
  readonly nouns: Nouns;
  readonly likelihood: LikelihoodWords;
  readonly seed: number;
  readonly engine: Engine["name"];
  /** How probabilities of cells become notes, where the data are music. */
  readonly generation?: GenerationSpec;
}

/** A module for each figure that is shown and exists, and the one that knows the kind of data. */
export type RenderModules =
  & ModelRoles
  & { readonly kind: KindModule }
  & Readonly<Record<FigureRole, FigureModule>>;

export type RenderContext = StageContext<RenderSlice, null, RenderModules>;

/** What the stage has to know of a kind of data. */
export interface KindModule {
  /** Adds to the data of all kinds what figures of this kind are drawn from. */
  readonly figureData: (context: RenderContext, common: FigureData, decoder: Decoder) => Promise<FigureData>;
  /** Writes what a figure sounds like, and says so; undefined where data of this kind make no sound. */
  readonly writeSounds: (
    context: RenderContext,
    figure: string,
    drawn: Drawn,
    data: FigureData,
  ) => Promise<Sound[] | undefined>;
}
