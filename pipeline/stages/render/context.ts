import type { Engine } from "../../engine/engine.ts";
import type { FigureModule, LikelihoodWords, PriorFacts } from "../../figures/figure.ts";
import type { Nouns } from "../../base/words.ts";
import type { FigureRole, OwnFigures } from "../../figures/figures.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { Generation } from "../../kinds/music/schema.ts";
import type { ModelSpec } from "../../spec/schema.ts";
import type { KindRendering } from "../../kinds/kind.ts";
import type { ModelRoles } from "../roles.ts";

/** The part of a spec that can change a figure. */
export interface RenderSlice {
  readonly model: ModelSpec;
  /** With the options of the figures that are shown. */
  readonly figures: OwnFigures & { readonly show: readonly string[] };
  /** Those of the figures to show that need classes to tell apart. */
  readonly comparingClasses: readonly string[];
  /** Those of the figures to show that decode codes of no class, where the model is conditional. */
  readonly ignoringClasses?: readonly string[];
  /** Those of the figures to show that do not exist of these data. */
  readonly inapplicable: readonly string[];
  readonly nouns: Nouns;
  readonly likelihood: LikelihoodWords;
  readonly prior: PriorFacts;
  readonly seed: number;
  readonly engine: Engine["name"];
  /** How probabilities of cells become notes, where the data are music. */
  readonly generation?: Generation;
}

/** A module for each figure that is shown and exists, and the one that knows the kind of data. */
export type RenderModules =
  & ModelRoles
  & { readonly kind: KindRendering }
  & Readonly<Record<FigureRole, FigureModule>>;

/** What the stage is given. */
export type RenderContext = StageContext<RenderSlice, null, RenderModules>;
