import type { Graph } from "../graph/graph.ts";
import { type Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";

/**
 * The windows that a filter or a pool looks through at a picture [batch, height, width, channels]: window (y, x)
 * has its place (i, j) at the pixel (y strideHeight + i dilationHeight - top, x strideWidth + j dilationWidth - left).
 */
export interface Windows {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly top: number;
  readonly left: number;
}

/** What tfjs computes of a convolution or a pool, as windows. */
export function windowsOf(info: {
  batchSize: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  outHeight: number;
  outWidth: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  dilationHeight: number;
  dilationWidth: number;
  dataFormat: string;
  padInfo: { top: number; left: number };
}): Windows {
  if (info.dataFormat !== "channelsLast") {
    throw new Error("Cannot compile: pictures must have their channels last");
  }
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/**
 * The picture as columns (im2col): [batch, windows, places * channels], the places in the filter's own order, so
 * that a convolution is one product with the filter as it is. `flip` turns the order of the places around. Outside
 * of the picture is `padding`.
 */
export function columns(graph: Graph, x: Value, w: Windows, padding = 0, flip = false): Value {
  const { batch, channels, outHeight, outWidth, kernelHeight, kernelWidth } = w;
  const height = (outHeight - 1) * w.strideHeight + (kernelHeight - 1) * w.dilationHeight + 1;
  const width = (outWidth - 1) * w.strideWidth + (kernelWidth - 1) * w.dilationWidth + 1;
  const framed = frame(
    graph,
    graph.reshape(x, [batch, w.height, w.width, channels]),
    w,
    height,
    width,
    padding,
  );
  const shape = [batch, outHeight * outWidth, kernelHeight * kernelWidth * channels];
  if (kernelHeight * kernelWidth === 1 && w.strideHeight * w.strideWidth === 1) {
    return graph.reshape(framed, shape);
  }
  const row = width * channels, turn = flip ? -1 : 1;
  const places = graph.strided(
    framed,
    [batch, outHeight, outWidth, kernelHeight, kernelWidth, channels],
    [
      height * row,
      w.strideHeight * row,
      w.strideWidth * channels,
      turn * w.dilationHeight * row,
      turn * w.dilationWidth * channels,
      1,
    ],
    flip ? (kernelHeight - 1) * w.dilationHeight * row + (kernelWidth - 1) * w.dilationWidth * channels : 0,
  );
  return graph.reshape(places, shape);
}

/** The picture with `top` rows and `left` columns of padding before it, cut or padded to [height, width]. */
function frame(graph: Graph, x: Value, w: Windows, height: number, width: number, padding: number): Value {
  const below = height - w.height - w.top, right = width - w.width - w.left;
  const rows = w.height + Math.min(below, 0), cells = w.width + Math.min(right, 0);
  const cut = graph.slice(x, [0, 0, 0, 0], [w.batch, rows, cells, w.channels]);
  return graph.pad(cut, [[0, 0], [w.top, Math.max(below, 0)], [w.left, Math.max(right, 0)], [0, 0]], padding);
}

/**
 * The adjoint of `columns` (col2im): the picture in which every pixel is the sum of all places that looked at it.
 * `planes` has one value per place, row by row: what all windows saw there, [outer, outHeight, outWidth, inner];
 * the result is [outer, height, width, inner].
 *
 * A picture is made of strideHeight x strideWidth interleaved grids, and a place looks at one of them only: each
 * grid is a sum of shifted planes.
 */
export function fold(graph: Graph, planes: readonly Value[], w: Windows): Value {
  const [outer, , , inner] = planes[0]!.shape as [number, number, number, number];
  const rows = grids(w.height, w.outHeight, w.kernelHeight, w.strideHeight, w.dilationHeight, w.top);
  const cells = grids(w.width, w.outWidth, w.kernelWidth, w.strideWidth, w.dilationWidth, w.left);
  const [down, right] = [rows.length, cells.length];
  const sums = rows.flatMap((row) =>
    cells.map((cell) => {
      const shifted = row.looks.flatMap((a) =>
        cell.looks.map((b) => {
          const plane = planes[a.place * w.kernelWidth + b.place]!;
          return graph.pad(plane, [[0, 0], a.padding, b.padding, [0, 0]]);
        })
      );
      const zeros = () => graph.fill(0, [outer, row.length, cell.length, inner]);
      return shifted.length === 0 ? zeros() : shifted.reduce((a, b) => graph.add(a, b));
    })
  );
  const [{ length: height, start: top }, { length: width, start: left }] = [rows[0]!, cells[0]!];
  const stacked = graph.reshape(
    graph.concat(sums.map((sum) => graph.reshape(sum, [1, outer * height * width * inner])), 0),
    [down, right, outer, height, width, inner],
  );
  const interleaved = graph.reshape(
    graph.transpose(stacked, [2, 3, 0, 4, 1, 5]),
    [outer, height * down, width * right, inner],
  );
  return graph.slice(interleaved, [0, top, left, 0], [outer, w.height, w.width, inner]);
}

interface Grid {
  /** How many entries of the grid cover the picture along the padded axis. */
  readonly length: number;
  /** Where the picture begins in the interleaved grids. */
  readonly start: number;
  /** The places that look at this grid, and how their windows' axis is padded (or, below 0, cut) to lie on it. */
  readonly looks: readonly { readonly place: number; readonly padding: readonly [number, number] }[];
}

/** The grids of one axis. */
function grids(
  length: number,
  windows: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): Grid[] {
  const first = Math.floor(before / stride), last = Math.floor((length - 1 + before) / stride);
  return Array.from({ length: stride }, (_, offset) => ({
    length: last - first + 1,
    start: before - first * stride,
    looks: Array.from({ length: kernel }, (_, place) => place)
      .filter((place) => place * dilation % stride === offset)
      .map((place) => {
        const shift = (place * dilation - offset) / stride; // window = entry of the grid - shift
        return { place, padding: [shift - first, last - shift - (windows - 1)] as const };
      }),
  }));
}

/** How many windows there are over all pictures of the batch. */
export function windowCount(w: Windows): number {
  return sizeOf([w.batch, w.outHeight, w.outWidth]);
}
