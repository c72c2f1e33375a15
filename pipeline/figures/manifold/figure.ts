import { gridCoordinates, latentGrid } from "../../metrics/latent_grid.ts";
import { mosaic } from "../drawing/image.ts";
import type { Drawn, NotDrawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import { drawManifold } from "./draw.ts";
import type { ManifoldOptions } from "./spec.ts";

/** Draws the grid, where z has two dimensions. */
export function draw({ options, model, prior, decode }: ImageFigureData<ManifoldOptions>): Drawn | NotDrawn {
  if (model.latentSize !== 2) {
    return { reason: `It needs two latent dimensions, and this model has ${model.latentSize}.` };
  }
  if (!prior.standardNormal) {
    return {
      reason: `It needs the prior N(0, I), whose quantiles make the grid, and this is ${prior.words}.`,
    };
  }
  const { manifoldSize: side, manifoldTail: tail } = options;
  const coordinates = gridCoordinates(side, tail);
  const images = decode(latentGrid(coordinates));
  const title = "The latent manifold";
  const caption =
    `The decoder's mean over a ${side} × ${side} grid of z. Coordinates are the inverse normal CDF of ` +
    `${side} points evenly spaced in [${tail}, ${
      round(1 - tail)
    }], so that every picture stands for the same share ` +
    `of the prior. Neighbours should change smoothly from one into the other.`;
  const alt = `A ${side} by ${side} grid of decoded images that change gradually from place to place.`;
  return {
    title,
    caption,
    alt,
    svg: drawManifold({ images, coordinates }, { title, description: alt }),
    picture: mosaic(images, side),
  };
}

function round(value: number): number {
  return Number(value.toFixed(6));
}
