import { readArtifact } from "../../artifacts/artifact.ts";
import { MANIFOLDS } from "../../artifacts/latents.ts";
import type { FigureData } from "../../figures/figure.ts";
import type { ImageFigureData, Manifolds } from "../../figures/kinds.ts";
import type { RenderedStage } from "../kind.ts";

/** Adds the decoded grids of z, where training kept them. */
export async function figureData(stage: RenderedStage, common: FigureData): Promise<ImageFigureData> {
  return { ...common, manifolds: await readManifolds(stage) };
}

/** Writes nothing: pictures make no sound. */
export function writeSounds(): Promise<undefined> {
  return Promise.resolve(undefined);
}

async function readManifolds(stage: RenderedStage): Promise<Manifolds | undefined> {
  if (!stage.inputs.includes(MANIFOLDS.name)) return undefined;
  const { shape: [, side], data } = await readArtifact(stage, MANIFOLDS);
  return { side: side!, levels: data };
}
