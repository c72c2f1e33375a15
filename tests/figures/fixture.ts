import type { Images } from "../../pipeline/figures/drawing/image.ts";
import { randomStream } from "../../pipeline/base/random.ts";

/** Segments of a seven-segment display, from (x0, y0) to (x1, y1) on a unit square, and who lights them. */
const SEGMENTS = [
  { line: [0.3, 0.2, 0.7, 0.2], digits: "0235679" + "8" },
  { line: [0.3, 0.2, 0.3, 0.5], digits: "045689" },
  { line: [0.7, 0.2, 0.7, 0.5], digits: "01234789" },
  { line: [0.3, 0.5, 0.7, 0.5], digits: "2345689" },
  { line: [0.3, 0.5, 0.3, 0.8], digits: "0268" },
  { line: [0.7, 0.5, 0.7, 0.8], digits: "013456789" },
  { line: [0.3, 0.8, 0.7, 0.8], digits: "0235689" },
] as const;

/** Soft, slightly shifted seven-segment digits: pictures that look the same on every machine. */
export function digitImages(labels: ArrayLike<number>, side = 28, seed = 1): Images {
  const values = new Float32Array(labels.length * side * side);
  for (let i = 0; i < labels.length; i++) {
    const shift = randomStream(seed, "fixture/digit", i).fillNormal(new Float32Array(2));
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const point = [x / side + 0.03 * shift[0]!, y / side + 0.03 * shift[1]!] as const;
        const lit = SEGMENTS.filter(({ digits }) => digits.includes(String(labels[i])));
        const distance = Math.min(...lit.map(({ line }) => toSegment(point, line)));
        values[(i * side + y) * side + x] = Math.min(1, Math.exp(-((distance / 0.06) ** 2)) * 1.1);
      }
    }
  }
  return { height: side, width: side, channels: 1, values };
}

function toSegment([x, y]: readonly [number, number], [x0, y0, x1, y1]: readonly number[]): number {
  const [dx, dy] = [x1! - x0!, y1! - y0!];
  const along = Math.min(1, Math.max(0, ((x - x0!) * dx + (y - y0!) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0! - along * dx, y - y0! - along * dy);
}

/** Ten Gaussian clusters on a ring of the given radius; labels 0 to 9 in turn. */
export function clusters(points: number, radius: number, latentSize = 2, seed = 1) {
  const noise = randomStream(seed, "fixture/clusters").fillNormal(new Float32Array(points * latentSize));
  const labels = Uint8Array.from({ length: points }, (_, i) => i % 10);
  const coordinates = noise.map((value, i) => {
    const [point, axis] = [Math.floor(i / latentSize), i % latentSize];
    const angle = labels[point]! * Math.PI / 5;
    const centre = axis === 0 ? Math.cos(angle) : axis === 1 ? Math.sin(angle) : 0;
    return radius * centre + value * (1 - 0.2 * radius);
  });
  return { coordinates, labels, classes: Array.from({ length: 10 }, (_, i) => String(i)) };
}
