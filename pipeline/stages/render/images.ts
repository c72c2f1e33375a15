import type { FigureData } from "../../figures/figure.ts";
import type { ImageFigureData, Manifolds } from "../../figures/kinds.ts";
import { decodeNpy } from "../../formats/npy.ts";
import type { RenderContext } from "./context.ts";

export async function figureData(context: RenderContext, common: FigureData): Promise<ImageFigureData> {
  return { ...common, manifolds: await readManifolds(context) };
}

export function writeSounds(): Promise<undefined> {
  return Promise.resolve(undefined);
}

async function readManifolds(context: RenderContext): Promise<Manifolds | undefined> {
  const name = "train/manifolds.npy";
  if (!context.inputs.includes(name)) return undefined;
  const { shape: [, side], data } = decodeNpy(await Deno.readFile(context.input(name)), name);
  return { side: side!, levels: data as Uint8Array };
}
