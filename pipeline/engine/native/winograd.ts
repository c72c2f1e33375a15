import { sizeOf } from "../../base/shape.ts";
import type { Graph } from "../graph/graph.ts";
import { transform } from "../graph/transform.ts";
import { sameShape, type Value } from "../graph/value.ts";

/**
 * Convolutions whose kernel is twice as long as its stride, in fewer products. With the pixels in blocks of stride x
 * stride, such a convolution is one of 2 x 2 blocks with stride 1, and so is the gradient of its input. Winograd's
 * F(2, 2) makes two neighbouring results of three products in place of four, y0 = m0 + m1 and y1 = m1 + m2 with
 *
 *     m0 = (d0 - d1) w0        m1 = d1 (w0 + w1)        m2 = (d2 - d1) w1,
 *
 * and along both axes four of nine in place of sixteen (Winograd, 1980). As there are only sums and differences
 * around the products, the result is about as exact. Beside a number that is not finite more results are not finite
 * than there would be otherwise.
 */

/** Entries of a product's matrix of weights, for one block, from which on the sums around it are worth it. */
const LARGE = 4096;

/** Windows of 2 x 2 blocks, as a product reads them in rows. */
interface BlockWindows {
  /** [batch, blocks down, blocks right] of `block` entries each, one block more each way than there are windows. */
  readonly pixels: Value;
  readonly batch: number;
  readonly down: number;
  readonly right: number;
  /** Sides of a block in pixels, and the channels of a pixel. */
  readonly block: readonly [height: number, width: number, channels: number];
  /** Whether a window's places are taken from its end. */
  readonly isFlipped: boolean;
}

/** Replaces the products of such windows, and of their transposes, which are gradients of filters. */
export function convolveByWinograd(graph: Graph, outputs: readonly Value[]): Value[] {
  return transform(graph, outputs, (value, rebuilt) => {
    if (value.op !== "Gemm" || value.operands.length !== 2 || value.attributes.transB !== 0) return undefined;
    const [left, right] = value.operands.map(rebuilt) as [Value, Value];
    const windows = windowsOf(left);
    if (!windows || sizeOf(windows.block) * value.shape[1]! < LARGE) return undefined;
    return value.attributes.transA === 0
      ? convolution(graph, windows, right)
      : filterGradient(graph, windows, right);
  });
}

/** The windows that the value is, if they are of 2 x 2 blocks. */
function windowsOf({ op, operands: [windows], shape }: Value): BlockWindows | undefined {
  if (op !== "Reshape" || windows!.op !== "Strided" || windows!.shape.length !== 6) return undefined;
  const [batch, down, right, places, cells, channels] = windows!.shape as Six;
  const high = places / 2, wide = cells / 2, pixels = windows!.operands[0]!;
  const { strides, offset } = windows!.attributes as { strides: readonly number[]; offset: number };
  const row = (right + 1) * wide * channels, image = (down + 1) * high * row;
  // Turned around they come from the gradient of an input, whose stride is 1.
  const isFlipped = offset > 0, turn = isFlipped ? -1 : 1;
  const own = [image, high * row, wide * channels, turn * row, turn * channels, 1];
  const isOf = sameShape(own, strides) && offset === (isFlipped ? row + channels : 0) &&
    (!isFlipped || high * wide === 1) && shape[1] === places * cells * channels &&
    sameShape(pixels.shape, [batch, (down + 1) * high, (right + 1) * wide, channels]);
  return isOf ? { pixels, batch, down, right, block: [high, wide, channels], isFlipped } : undefined;
}

type Six = [number, number, number, number, number, number];

/** [windows, channels of the result] */
function convolution(graph: Graph, windows: BlockWindows, weights: Value): Value {
  const { batch, down, right, block } = windows;
  const [tilesDown, tilesRight, tiles] = tilesOf(windows);
  const entries = sizeOf(block), width = weights.shape[1]!;
  const products = graph.matMul(
    apart(graph, inputTiles(graph, windows), [tiles, entries]),
    stacked(
      graph,
      both(
        (w) => [w(0), graph.add(w(0), w(1)), w(1)],
        (i, j) => weightsOfPlace(graph, weights, windows, i, j),
      ),
    ),
  );
  const results = both((m) => [graph.add(m(0), m(1)), graph.add(m(1), m(2))], planes(graph, products, tiles));
  const quarters = graph.concat(CORNERS.map(([i, j]) => results(i, j)), 0);
  const row = tilesRight * width, quarter = tiles * width;
  const interleaved = graph.strided(
    quarters,
    [batch, tilesDown, 2, tilesRight, 2, width],
    [tilesDown * row, row, 2 * quarter, width, quarter, 1],
    0,
  );
  const whole = graph.reshape(interleaved, [batch, 2 * tilesDown, 2 * tilesRight, width]);
  const cut = graph.slice(whole, [0, 0, 0, 0], [batch, down, right, width]);
  return graph.reshape(cut, [batch * down * right, width]);
}

/** [entries of a window, channels of the result]: each sum of a convolution has its adjoint here. */
function filterGradient(graph: Graph, windows: BlockWindows, slopes: Value): Value {
  const { batch, down, right, block: [high, wide, channels] } = windows;
  const [tilesDown, tilesRight, tiles] = tilesOf(windows);
  const width = slopes.shape[1]!, entries = high * wide * channels, row = 2 * tilesRight * width;
  const whole = graph.pad(
    graph.reshape(slopes, [batch, down, right, width]),
    [[0, 0], [0, 2 * tilesDown - down], [0, 2 * tilesRight - right], [0, 0]],
  );
  const quarter = (i: number, j: number) =>
    graph.strided(
      whole,
      [batch, tilesDown, tilesRight, width],
      [2 * tilesDown * row, 2 * row, 2 * width, 1],
      i * row + j * width,
    );
  // The smaller operand is transposed by itself: within the product that takes as long as the product.
  const products = graph.matMul(
    apart(graph, both((dy) => [dy(0), graph.add(dy(0), dy(1)), dy(1)], quarter), [tiles, width]),
    apart(graph, inputTiles(graph, windows), [tiles, entries]),
    true,
  );
  const gradients = both(
    (m) => [graph.add(m(0), m(1)), graph.add(m(1), m(2))],
    planes(graph, products, width),
  );
  const byPlace = graph.concat(
    CORNERS.map(([i, j]) => gradients(placeOf(windows, i), placeOf(windows, j))),
    0,
  );
  const columns = graph.transpose(graph.reshape(byPlace, [4, width, entries]), [0, 2, 1]);
  const byRow = graph.transpose(graph.reshape(columns, [2, 2, high, wide * channels * width]), [0, 2, 1, 3]);
  return graph.reshape(byRow, [4 * entries, width]);
}

/** Tiles of 2 x 2 windows: down, right and over all pictures. */
function tilesOf({ batch, down, right }: BlockWindows): [down: number, right: number, all: number] {
  const [tilesDown, tilesRight] = [Math.ceil(down / 2), Math.ceil(right / 2)];
  return [tilesDown, tilesRight, batch * tilesDown * tilesRight];
}

/** The differences of the 3 x 3 blocks that each tile looks at. */
function inputTiles(graph: Graph, windows: BlockWindows): Nine {
  const { pixels, batch, block: [high, wide, channels] } = windows;
  const [tilesDown, tilesRight] = tilesOf(windows);
  const sides = [batch, (2 * tilesDown + 1) * high, (2 * tilesRight + 1) * wide, channels] as const;
  const framed = framedTo(graph, pixels, sides), row = sides[2] * channels;
  return both(
    (d) => [graph.subtract(d(0), d(1)), d(1), graph.subtract(d(2), d(1))],
    (i, j) =>
      graph.strided(
        framed,
        [batch, tilesDown, tilesRight, high, wide * channels],
        [sides[1] * row, 2 * high * row, 2 * wide * channels, row, 1],
        i * high * row + j * wide * channels,
      ),
  );
}

/** The pictures, filled up below and on the right; a frame that they have is made that large at once. */
function framedTo(graph: Graph, pixels: Value, sides: readonly number[]): Value {
  const more = sides.map((side, axis) => side - pixels.shape[axis]!);
  if (pixels.op !== "Pad") return graph.pad(pixels, more.map((side) => [0, side] as const));
  const [picture, amounts, value] = pixels.operands;
  const [before, after] = [amounts!.data!, Array.from(amounts!.data!).slice(sides.length)];
  return graph.pad(
    picture!,
    more.map((side, i) => [before[i]!, after[i]! + side] as const),
    value!.data![0]!,
  );
}

/** The weights of one of the 2 x 2 blocks of a window, [entries of a block, channels of the result]. */
function weightsOfPlace(graph: Graph, weights: Value, windows: BlockWindows, i: number, j: number): Value {
  const [high, wide, channels] = windows.block, width = weights.shape[1]!;
  const row = wide * channels * width;
  const first = placeOf(windows, i) * high * 2 * row + placeOf(windows, j) * row;
  return graph.reshape(
    graph.strided(weights, [high, row], [2 * row, 1], first),
    [high * wide * channels, width],
  );
}

/** Where along an axis of a window the weights of its first and second block stand. */
function placeOf({ isFlipped }: BlockWindows, i: number): number {
  return isFlipped ? 1 - i : i;
}

/** Three by three values: of blocks, of weights or of products. */
type Nine = (row: number, column: number) => Value;

/** The corners of a square of two by two. */
const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]] as const;

/** The same sums along both axes: of the rows of each column, then of the columns of each row. */
function both(sums: (at: (i: number) => Value) => readonly Value[], of: Nine): Nine {
  const down: Nine = (i, j) => sums((row) => of(row, j))[i]!;
  return (i, j) => sums((column) => down(i, column))[j]!;
}

const nine = <T>(make: (row: number, column: number) => T): T[] =>
  Array.from({ length: 9 }, (_, place) => make(Math.floor(place / 3), place % 3));

/** The nine matrices one behind the other. */
function stacked(graph: Graph, of: Nine): Value {
  return graph.concat(nine((i, j) => graph.reshape(of(i, j), [1, ...of(i, j).shape])), 0);
}

/**
 * The nine matrices, each with a row of zeros more: [9, rows + 1, columns]. Without it they would often lie multiples
 * of 4 kB apart, and a processor's first cache has no place for nine lines of such addresses: writing them at once
 * took four times as long.
 */
function apart(graph: Graph, of: Nine, [rows, columns]: readonly [number, number]): Value {
  const zeros = graph.fill(0, [columns]);
  const pieces = nine((i, j) => [graph.reshape(of(i, j), [rows * columns]), zeros]).flat();
  return graph.reshape(graph.concat(pieces, 0), [9, rows + 1, columns]);
}

/** The first rows of each of nine matrices. */
function planes(graph: Graph, products: Value, rows: number): Nine {
  const [, height, width] = products.shape as [number, number, number];
  const all = graph.reshape(products, [9 * height, width]);
  return (i, j) => graph.slice(all, [(3 * i + j) * height, 0], [rows, width]);
}
