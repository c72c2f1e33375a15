import { addFrames } from "../drawing/frames.ts";
import { addGrid, type Images } from "../drawing/image.ts";
import { addText, createFigure, type FigureText } from "../drawing/svg.ts";
import { SIZE, WIDTH } from "../drawing/theme.ts";

/** The decoded grid at several epochs. */
export interface ManifoldAnimationData {
  readonly snapshots: readonly { readonly epoch: number; readonly images: Images }[];
  readonly side: number;
}

/** Draws what the decoder makes of a grid of z as training goes on. */
export function drawManifoldAnimation({ snapshots, side }: ManifoldAnimationData, text: FigureText): string {
  const name = "manifold-animation";
  const { height, width } = snapshots[0]!.images;
  const top = 20;
  const figure = createFigure(name, WIDTH, top + WIDTH * height / width, text);
  const titles = snapshots.map(({ epoch }) => epoch === 0 ? "before training" : `epoch ${epoch}`);
  addFrames(figure, name, titles, (frame, i) => {
    addText(frame, 1, top - 7, titles[i]!, { bold: true, size: SIZE.heading });
    addGrid(frame, snapshots[i]!.images, { x: 0, y: top, width: WIDTH, columns: side, gap: 0 });
  });
  return figure.toString();
}
