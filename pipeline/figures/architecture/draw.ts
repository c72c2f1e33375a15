import { count, plural } from "../../base/words.ts";
import type { LayerShape } from "../../vae/architectures/architecture.ts";
import type { LikelihoodWords } from "../figure.ts";
import { addText, createFigure, type FigureText, type Selection } from "../drawing/svg.ts";
import { classColour, SIZE, WIDTH } from "../drawing/theme.ts";

/** What the diagram shows. */
export interface ArchitectureData {
  readonly latentSize: number;
  readonly likelihood: LikelihoodWords;
  /** All layers in the order in which data flows: encoder, posterior, decoder. */
  readonly layers: readonly LayerShape[];
  /** How many numbers the model learns, those of its likelihood and its prior included. */
  readonly parameters: number;
  readonly inputShape: readonly number[];
}

interface Box {
  readonly title: string;
  readonly detail: string;
}

const BOX = { width: 150, height: 32, gap: 14 };
const RIGHT = WIDTH - BOX.width;
const HEADS = [
  { name: "encoder/mean", title: "mean μ" },
  { name: "encoder/logVariance", title: "log σ²" },
];
const COLOURS = { encoder: classColour(0), latent: classColour(3), decoder: classColour(1) };

/**
 * Draws the model as a U: the encoder runs down on the left, z is at the bottom, the decoder runs up on the right
 * (Figure 1 of the paper, with the layers of this model).
 */
export function drawArchitecture(data: ArchitectureData, text: FigureText): string {
  const { latentSize, likelihood, layers, parameters, inputShape } = data;
  const heads = HEADS.map(({ name }) => layers.find((layer) => layer.name === name)!);
  const part = (name: string) =>
    layers.filter((layer) => layer.name.startsWith(`${name}/`) && !heads.includes(layer));
  const describe = (layer: LayerShape): Box => ({
    title: layer.title,
    detail: `${shapeText(layer.output)} · ${count(layer.parameters)} par.`,
  });
  const down = [{ title: "input x", detail: shapeText(inputShape) }, ...part("encoder").map(describe)];
  const up = [...part("decoder").map(describe), {
    title: `${likelihood.title} p(x | z)`,
    detail: `${shapeText(inputShape)} ${likelihood.output}`,
  }];

  const pitch = BOX.height + BOX.gap;
  const rows = Math.max(down.length, up.length);
  const latentTop = 20 + rows * pitch;
  const figure = createFigure("architecture", WIDTH, latentTop + BOX.height + 24, text);
  const { root } = figure;
  addText(root, BOX.width / 2, 12, "encoder q(z | x)", { anchor: "middle", bold: true, size: SIZE.heading });
  addText(root, RIGHT + BOX.width / 2, 12, "decoder p(x | z)", {
    anchor: "middle",
    bold: true,
    size: SIZE.heading,
  });

  down.forEach((box, i) => {
    const top = latentTop - (down.length - i) * pitch;
    drawBox(root, 0, top, BOX.width, box, i === 0 ? null : COLOURS.encoder);
    arrow(root, BOX.width / 2, top + BOX.height, BOX.width / 2, top + pitch);
  });
  up.forEach((box, i) => {
    const top = latentTop - (i + 1) * pitch;
    drawBox(root, RIGHT, top, BOX.width, box, i === up.length - 1 ? null : COLOURS.decoder);
    arrow(root, RIGHT + BOX.width / 2, top + pitch, RIGHT + BOX.width / 2, top + BOX.height);
  });

  const half = (BOX.width - 6) / 2;
  HEADS.forEach(({ title }, i) => {
    const detail = `${count(heads[i]!.parameters)} par.`;
    const box = { title: `${title} · ${latentSize}`, detail };
    drawBox(root, i * (half + 6), latentTop, half, box, COLOURS.latent);
  });
  drawBox(
    root,
    RIGHT,
    latentTop,
    BOX.width,
    { title: "z = μ + σ ⊙ ε", detail: "ε ~ N(0, I)" },
    COLOURS.latent,
  );
  arrow(root, BOX.width, latentTop + BOX.height / 2, RIGHT, latentTop + BOX.height / 2);
  const words = `${plural(latentSize, "latent dimension")} · ${count(parameters)} parameters in all`;
  addText(root, WIDTH / 2, latentTop + BOX.height + 17, words, { anchor: "middle", quiet: true });
  return figure.toString();
}

function drawBox(
  root: Selection,
  x: number,
  y: number,
  width: number,
  box: Box,
  colour: string | null,
): void {
  const rect = root.append("rect").attr("x", x + 0.5).attr("y", y + 0.5).attr("width", width - 1)
    .attr("height", BOX.height - 1).attr("rx", 5);
  if (colour) rect.attr("fill", colour).attr("fill-opacity", 0.13).attr("stroke", colour);
  else rect.attr("fill", "none").attr("stroke", "currentColor").attr("stroke-opacity", 0.6);
  addText(root, x + width / 2, y + 13.5, box.title, { anchor: "middle", bold: true });
  addText(root, x + width / 2, y + 26, box.detail, { anchor: "middle", quiet: true });
}

function arrow(root: Selection, x1: number, y1: number, x2: number, y2: number): void {
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const [tipX, tipY] = [x2 - dx * 2, y2 - dy * 2];
  const wing = (side: number) => `${tipX - dx * 4 + side * dy * 3},${tipY - dy * 4 + side * dx * 3}`;
  root.append("path").attr(
    "d",
    `M${x1 + dx * 2},${y1 + dy * 2}L${tipX},${tipY}M${wing(1)}L${tipX},${tipY}L${wing(-1)}`,
  )
    .attr("fill", "none").attr("stroke", "currentColor").attr("opacity", 0.7);
}

function shapeText(shape: readonly number[]): string {
  return shape.map(count).join(" × ");
}
