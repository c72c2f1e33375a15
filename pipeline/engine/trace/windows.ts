import { type Graph, sizeOf, type Value } from "../graph/graph.ts";

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
 * that a convolution is one product with the filter as it is. One gather, over the longest runs of pixels that no
 * window cuts: `strideWidth` of them where the filter's width is a multiple, else one. `flip` turns the
 * order of the places around. Outside of the picture is `padding`.
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
  const run = !flip && w.dilationWidth === 1 && kernelWidth % w.strideWidth === 0 ? w.strideWidth : 1;
  const indices = graph.memo(`columns ${JSON.stringify({ ...w, batch: 0, channels: 0, flip })}`, () => {
    const list: number[] = [];
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let place = 0; place < kernelHeight * kernelWidth; place += run) {
          const turned = flip ? kernelHeight * kernelWidth - 1 - place : place;
          const row = y * w.strideHeight + Math.floor(turned / kernelWidth) * w.dilationHeight;
          const column = x * w.strideWidth + turned % kernelWidth * w.dilationWidth;
          list.push((row * width + column) / run);
        }
      }
    }
    return graph.constant(list, [list.length], "int32");
  });
  return graph.reshape(
    graph.gather(graph.reshape(framed, [batch, height * width / run, run * channels]), indices, 1),
    shape,
  );
}

/** The picture with `top` rows and `left` columns of padding before it, cut or padded to [height, width]. */
function frame(graph: Graph, x: Value, w: Windows, height: number, width: number, padding: number): Value {
  const below = height - w.height - w.top, right = width - w.width - w.left;
  const rows = w.height + Math.min(below, 0), cells = w.width + Math.min(right, 0);
  const cut = graph.slice(x, [0, 0, 0, 0], [w.batch, rows, cells, w.channels]);
  return graph.pad(cut, [[0, 0], [w.top, Math.max(below, 0)], [w.left, Math.max(right, 0)], [0, 0]], padding);
}

/**
 * The adjoint of `columns` (col2im): from [batch, windows, places * channels] the picture in which every pixel is
 * the sum of all places that looked at it. A gather of each pixel's places, and a sum.
 */
export function fold(graph: Graph, values: Value, w: Windows): Value {
  const { batch, height, width, channels, outHeight, outWidth, kernelHeight, kernelWidth } = w;
  const places = kernelHeight * kernelWidth;
  const entries = outHeight * outWidth * places;
  const rows = lookers(height, outHeight, kernelHeight, w.strideHeight, w.dilationHeight, w.top);
  const cells = lookers(width, outWidth, kernelWidth, w.strideWidth, w.dilationWidth, w.left);
  const most = Math.max(...rows.map(({ length }) => length)) * Math.max(...cells.map(({ length }) => length));
  const indices = graph.memo(`fold ${JSON.stringify({ ...w, batch: 0, channels: 0 })}`, () => {
    const list: number[] = [];
    for (const row of rows) {
      for (const cell of cells) {
        const found = row.flatMap(([y, i]) =>
          cell.map(([x, j]) => (y * outWidth + x) * places + i * kernelWidth + j)
        );
        // One more entry, always 0, stands for the places that are not there.
        list.push(...found, ...Array(most - found.length).fill(entries));
      }
    }
    return graph.constant(list, [list.length], "int32");
  });
  const padded = graph.pad(graph.reshape(values, [batch, entries, channels]), [[0, 0], [0, 1], [0, 0]]);
  const gathered = graph.reshape(graph.gather(padded, indices, 1), [batch, height * width, most, channels]);
  return graph.reshape(graph.sum(gathered, [2]), [batch, height, width, channels]);
}

/** For each pixel of one axis, the windows that see it and the place at which they do. */
function lookers(
  length: number,
  windows: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): [window: number, place: number][][] {
  return Array.from({ length }, (_, pixel) => {
    const found: [number, number][] = [];
    for (let place = 0; place < kernel; place++) {
      const window = (pixel + before - place * dilation) / stride;
      if (Number.isInteger(window) && window >= 0 && window < windows) found.push([window, place]);
    }
    return found;
  });
}

export function windowCount(w: Windows): number {
  return sizeOf([w.batch, w.outHeight, w.outWidth]);
}
