/** What a picture becomes: how it is cut, scaled and coloured. */
export interface PictureFormat {
  /** [height, width] in pixels. */
  readonly size: readonly [number, number];
  /** crop: the middle in the wanted aspect. pad: all of it, with background beside it. stretch: all of it, distorted. */
  readonly fit: "crop" | "pad" | "stretch";
  readonly colour: "grey" | "rgb";
  /** Behind what is transparent or padded: red, green and blue, 0 to 255. */
  readonly background: readonly [number, number, number];
}

/** A picture as it was read: RGBA, 8 bits a channel. */
export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** How much each channel adds to the luminance (ITU-R BT.601, as JPEG and Pillow have it). */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

/**
 * A picture as an example, uint8 [height, width] or [height, width, 3]. Where it shrinks, a pixel is the mean over the
 * area that it covers; where it grows, pixels are interpolated between the nearest two, along each axis.
 */
export function fitPicture(picture: RgbaPicture, format: PictureFormat): Uint8Array {
  const { size: [height, width], colour } = format;
  const channels = colour === "grey" ? 1 : 3;
  const background = colour === "grey" ? [luminance(...format.background)] : format.background;
  const { source, target } = placement(picture, format);
  const columns = weights(source.x, target.width, picture.width);
  const rows = weights(source.y, target.height, picture.height);
  const scaled = resample(picture, columns, rows, format, channels);
  const example = new Uint8Array(height * width * channels);
  for (let i = 0; i < example.length; i++) example[i] = Math.round(background[i % channels]!);
  const [top, left] = [(height - target.height) >> 1, (width - target.width) >> 1];
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width * channels; x++) {
      example[((top + y) * width + left) * channels + x] = Math.round(
        scaled[y * target.width * channels + x]!,
      );
    }
  }
  return example;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Which part of the picture is taken, in its pixels, and how large it will be. */
function placement({ width, height }: RgbaPicture, { size: [h, w], fit }: PictureFormat) {
  const whole = { x: { from: 0, to: width }, y: { from: 0, to: height } };
  if (fit === "stretch") return { source: whole, target: { height: h, width: w } };
  const isWider = width * h > height * w;
  if (fit === "pad") {
    const target = isWider
      ? { height: Math.max(1, Math.round(height * w / width)), width: w }
      : { height: h, width: Math.max(1, Math.round(width * h / height)) };
    return { source: whole, target };
  }
  const middle = (length: number, wanted: number): Interval => ({
    from: (length - wanted) / 2,
    to: (length + wanted) / 2,
  });
  const source = isWider
    ? { ...whole, x: middle(width, height * w / h) }
    : { ...whole, y: middle(height, width * h / w) };
  return { source, target: { height: h, width: w } };
}

/** What a value of an axis is made of: consecutive values, from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

function weights({ from, to }: Interval, count: number, length: number): Taps[] {
  const scale = (to - from) / count;
  return Array.from({ length: count }, (_, i) => {
    if (scale < 1) {
      const place = Math.min(length - 1, Math.max(0, from + (i + 0.5) * scale - 0.5));
      const first = Math.min(Math.floor(place), Math.max(0, length - 2));
      const share = place - first;
      return { first, weights: length === 1 ? Float64Array.of(1) : Float64Array.of(1 - share, share) };
    }
    const [start, end] = [from + i * scale, Math.min(length, from + (i + 1) * scale)];
    const first = Math.min(length - 1, Math.floor(start));
    const last = Math.max(first + 1, Math.ceil(end));
    const overlaps = Float64Array.from(
      { length: last - first },
      (_, k) => Math.max(0, Math.min(end, first + k + 1) - Math.max(start, first + k)),
    );
    const sum = overlaps.reduce((total, overlap) => total + overlap, 0);
    return { first, weights: overlaps.map((overlap) => overlap / sum) };
  });
}

/** Along the rows and then along the columns: [rows, columns, channels]. */
function resample(
  { width, pixels }: RgbaPicture,
  columns: readonly Taps[],
  rows: readonly Taps[],
  { colour, background }: PictureFormat,
  channels: number,
): Float64Array {
  const line = new Float64Array(width * channels);
  const out = new Float64Array(rows.length * columns.length * channels);
  const across = new Float64Array(columns.length * channels);
  const opaque = (at: number, channel: number) => {
    const alpha = pixels[at + 3]! / 255;
    return pixels[at + channel]! * alpha + background[channel]! * (1 - alpha);
  };
  // Rows of the picture that several rows of the example are made of are taken one after another.
  let known = -1;
  const readRow = (y: number) => {
    if (known === y) return;
    known = y;
    for (let x = 0, at = 4 * y * width; x < width; x++, at += 4) {
      if (colour === "grey") line[x] = luminance(opaque(at, 0), opaque(at, 1), opaque(at, 2));
      else for (let channel = 0; channel < 3; channel++) line[3 * x + channel] = opaque(at, channel);
    }
    across.fill(0);
    columns.forEach(({ first, weights }, x) => {
      for (let k = 0; k < weights.length; k++) {
        const from = (first + k) * channels;
        for (let channel = 0; channel < channels; channel++) {
          across[x * channels + channel]! += weights[k]! * line[from + channel]!;
        }
      }
    });
  };
  rows.forEach(({ first, weights }, y) => {
    const at = y * across.length;
    for (let k = 0; k < weights.length; k++) {
      readRow(first + k);
      for (let i = 0; i < across.length; i++) out[at + i]! += weights[k]! * across[i]!;
    }
  });
  return out;
}

function luminance(red: number, green: number, blue: number): number {
  return LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue;
}
