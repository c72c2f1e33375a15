import type { FigureData } from "../../figures/figure.ts";
import type { ImageFigureData, Manifolds } from "../../figures/kinds.ts";
import { decodeNpy } from "../../formats/npy.ts";
import type { RenderedStage } from "../kind.ts";

export async function figureData(stage: RenderedStage, common: FigureData): Promise<ImageFigureData> {
  return { ...common, manifolds: await readManifolds(stage) };
}

/** Pictures make no sound. */
export function writeSounds(): Promise<undefined> {
  return Promise.resolve(undefined);
}

async function readManifolds({ inputs, input }: RenderedStage): Promise<Manifolds | undefined> {
  const name = "train/manifolds.npy";
  if (!inputs.includes(name)) return undefined;
  const { shape: [, side], data } = decodeNpy(await Deno.readFile(input(name)), name);
  return { side: side!, levels: data as Uint8Array };
}
