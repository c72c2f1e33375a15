import type { Graph } from "../graph/graph.ts";
import { type Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import { tf } from "../tfjs.ts";
import { kernel } from "./backend.ts";
import { activate } from "./elementwise.ts";
import { columns, fold, windowCount, type Windows, windowsOf } from "./windows.ts";
import { unknownToEngine } from "./unknown.ts";

/**
 * Convolutions as matrix products: ONNX Runtime's own Conv reaches half the speed of its products, and none of the
 * transposes to its order of axes would be free. Pictures are [batch, height, width, channels], filters
 * [height, width, in, out].
 */

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function windows(pictures: readonly number[], filter: readonly number[], a: ConvolutionAttributes): Windows {
  return windowsOf(tf.backend_util.computeConv2DInfo(
    pictures as [number, number, number, number],
    filter as [number, number, number, number],
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(a.dataFormat),
  ));
}

/** Numbers in a block of stride x stride pixels below which products of that width are slower than a fold. */
const NARROW = 16;

kernel<ConvolutionAttributes>("Conv2D", (graph, { x, filter }, a) => convolve(graph, x!, filter!, a));
kernel("FusedConv2D", (graph, { x, filter, bias }, a) => {
  const result = convolve(graph, x!, filter!, a);
  return activate(graph, bias ? graph.add(result, bias) : result, a.activation, a.leakyreluAlpha);
});

function convolve(graph: Graph, x: Value, filter: Value, a: ConvolutionAttributes): Value {
  const w = windows(x.shape, filter.shape, a);
  const outChannels = filter.shape[3]!;
  const product = graph.matMul(asRows(graph, columns(graph, x, w), w), asMatrix(graph, filter));
  return graph.reshape(product, [w.batch, w.outHeight, w.outWidth, outChannels]);
}

kernel<ConvolutionAttributes & { filterShape: number[] }>("Conv2DBackpropFilter", (graph, { x, dy }, a) => {
  const w = windows(x!.shape, a.filterShape, a);
  const outChannels = a.filterShape[3]!;
  const rows = asRows(graph, columns(graph, x!, w), w);
  const gradient = graph.reshape(dy!, [windowCount(w), outChannels]);
  return graph.reshape(graph.gemm(rows, gradient, true, false), a.filterShape);
});

/** The gradient with respect to the input, which is also the transposed convolution. */
kernel<ConvolutionAttributes & { inputShape: number[] }>(
  "Conv2DBackpropInput",
  (graph, { dy, filter }, a) => {
    const w = windows(a.inputShape, filter!.shape, a);
    if (w.dilationHeight * w.dilationWidth !== 1) {
      throw unknownToEngine("the gradient of a dilated convolution");
    }
    if (w.channels * w.strideHeight * w.strideWidth >= NARROW) return scatterByBlocks(graph, dy!, filter!, w);
    return scatterByPlaces(graph, dy!, filter!, w);
  },
);

/** One plane per place and channel, and their sum: the planes are the product's rows, so that they lie in one piece. */
function scatterByPlaces(graph: Graph, dy: Value, filter: Value, w: Windows): Value {
  const { batch, height, width, channels, outHeight, outWidth } = w;
  const places = w.kernelHeight * w.kernelWidth;
  const rows = graph.reshape(dy, [windowCount(w), filter.shape[3]!]);
  const product = graph.gemm(asMatrix(graph, filter), rows, false, true);
  const planes = graph.split(product, Array(places).fill(channels), 0)
    .map((plane) => graph.reshape(plane, [channels * batch, outHeight, outWidth, 1]));
  const picture = graph.reshape(fold(graph, planes, w), [channels, batch, height, width]);
  return graph.transpose(picture, [1, 2, 3, 0]);
}

/**
 * The picture in blocks of stride x stride pixels: each block is a product of the `dy` of the windows that reach it
 * with the filter, rearranged; so this is a convolution of `dy` with stride 1 that makes whole blocks.
 * Filters are filled up with zeros to a multiple of the stride.
 */
function scatterByBlocks(graph: Graph, dy: Value, filter: Value, w: Windows): Value {
  const { batch, height, width, channels, strideHeight: sh, strideWidth: sw } = w;
  const outChannels = filter.shape[3]!;
  const ah = Math.ceil(w.kernelHeight / sh), aw = Math.ceil(w.kernelWidth / sw);
  // The blocks that hold pixels of the picture and not only of its padding.
  const firstRow = Math.floor(w.top / sh), firstCell = Math.floor(w.left / sw);
  const rows = Math.floor((height - 1 + w.top) / sh) - firstRow + 1;
  const cells = Math.floor((width - 1 + w.left) / sw) - firstCell + 1;
  const reaching = columns(
    graph,
    dy,
    {
      batch,
      height: w.outHeight,
      width: w.outWidth,
      channels: outChannels,
      outHeight: rows,
      outWidth: cells,
      kernelHeight: ah,
      kernelWidth: aw,
      strideHeight: 1,
      strideWidth: 1,
      dilationHeight: 1,
      dilationWidth: 1,
      top: ah - 1 - firstRow,
      left: aw - 1 - firstCell,
    },
    0,
    true,
  );
  const filled = graph.pad(filter, [[0, ah * sh - w.kernelHeight], [0, aw * sw - w.kernelWidth], [0, 0], [
    0,
    0,
  ]]);
  // From [ah, sh, aw, sw, channels, out] to [ah, aw, out, sh, sw, channels]: ONNX Runtime transposes matrices fast
  // and six axes slowly, so the places are put in order by a gather of whole rows.
  const places = ah * sh * aw * sw;
  const turned = graph.transpose(graph.reshape(filled, [places, channels, outChannels]), [0, 2, 1]);
  const order = graph.memo(`filter rows ${[ah, sh, aw, sw, outChannels]}`, () => {
    const list: number[] = [];
    for (let block = 0; block < ah * aw; block++) {
      for (let out = 0; out < outChannels; out++) {
        for (let y = 0; y < sh; y++) {
          for (let x = 0; x < sw; x++) {
            const place = ((Math.floor(block / aw) * sh + y) * aw + block % aw) * sw + x;
            list.push(place * outChannels + out);
          }
        }
      }
    }
    return graph.constant(list, [list.length], "int32");
  });
  const rowsInOrder = graph.gather(graph.reshape(turned, [places * outChannels, channels]), order, 0);
  const weights = graph.reshape(rowsInOrder, [ah * aw * outChannels, sh * sw * channels]);
  const product = graph.matMul(
    graph.reshape(reaching, [batch * rows * cells, ah * aw * outChannels]),
    weights,
  );
  if (sh * sw === 1) return graph.reshape(product, [batch, height, width, channels]);
  // From blocks to pixels, and the padding cut away, in one gather.
  const indices = graph.memo(`blocks ${JSON.stringify({ ...w, batch: 0, channels: 0 })}`, () => {
    const list: number[] = [];
    for (let y = w.top; y < height + w.top; y++) {
      for (let x = w.left; x < width + w.left; x++) {
        const block = (Math.floor(y / sh) - firstRow) * cells + Math.floor(x / sw) - firstCell;
        list.push((block * sh + y % sh) * sw + x % sw);
      }
    }
    return graph.constant(list, [list.length], "int32");
  });
  const pixels = graph.reshape(product, [batch, rows * cells * sh * sw, channels]);
  return graph.reshape(graph.gather(pixels, indices, 1), [batch, height, width, channels]);
}

function asRows(graph: Graph, x: Value, w: Windows): Value {
  return graph.reshape(x, [windowCount(w), sizeOf(x.shape) / windowCount(w)]);
}

function asMatrix(graph: Graph, filter: Value): Value {
  return graph.reshape(filter, [sizeOf(filter.shape.slice(0, 3)), filter.shape[3]!]);
}
