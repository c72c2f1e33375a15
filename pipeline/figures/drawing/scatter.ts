import * as d3 from "d3";
import { hasClasses } from "../../artifacts/dataset.ts";
import { addText, decimal, type Selection } from "./svg.ts";
import { classColour } from "./theme.ts";

/** Points in a plane with a class each. */
export interface LabelledPoints {
  /** [points, 2] */
  readonly coordinates: Float32Array;
  readonly labels: Uint8Array;
  /** Names of the classes, by label. */
  readonly classes: readonly string[];
}

type Scale = d3.ScaleLinear<number, number>;

/**
 * Draws one path of round dots per class: a dot is nine bytes in place of the fifty of a circle element. Classes take
 * turns in chunks, so that no class lies wholly on top of another.
 *
 * @throws {RangeError} where a coordinate is not finite
 */
export function drawPoints(
  parent: Selection,
  points: LabelledPoints,
  x: Scale,
  y: Scale,
  size: number,
): void {
  const { coordinates, labels } = points;
  const classes = classesOf(labels);
  const chunk = Math.max(50, Math.ceil(labels.length / 8));
  for (let start = 0; start < labels.length; start += chunk) {
    const paths = new Map<number, string>(classes.map((label) => [label, ""]));
    for (let i = start; i < Math.min(start + chunk, labels.length); i++) {
      const [px, py] = [x(coordinates[2 * i]!), y(coordinates[2 * i + 1]!)];
      if (!Number.isFinite(px + py)) throw new RangeError(`Cannot draw: point ${i} is (${px}, ${py})`);
      const path = paths.get(labels[i]!)!;
      paths.set(labels[i]!, `${path}M${px.toFixed(1)} ${py.toFixed(1)}h0`);
    }
    for (const [label, path] of paths) {
      if (!path) continue;
      parent.append("path").attr("d", path).attr("stroke", classColour(label)).attr("stroke-width", size)
        .attr("stroke-linecap", "round").attr("fill", "none").attr("stroke-opacity", 0.75);
    }
  }
}

/**
 * Draws each class's name at the median of its points, so that colour is not the only cue; names that would overlap
 * make room for one another, and those that would leave the plane stay in it.
 */
export function drawClassNames(parent: Selection, points: LabelledPoints, x: Scale, y: Scale): void {
  const { coordinates, labels, classes } = points;
  if (!hasClasses(points)) return;
  const names = classesOf(labels).map((label) => {
    const own = [...labels.keys()].filter((i) => labels[i] === label);
    const [atX, atY] = [0, 1].map((axis) => d3.median(own, (i) => coordinates[2 * i + axis]!)!);
    return { label, x: x(atX!), y: y(atY!), homeX: x(atX!), homeY: y(atY!) };
  });
  d3.forceSimulation(names)
    .force("home", d3.forceX<typeof names[number]>((name) => name.homeX))
    .force("home too", d3.forceY<typeof names[number]>((name) => name.homeY))
    .force("room", d3.forceCollide(8))
    .stop()
    .tick(120);
  const sized = names.map((name) =>
    Object.assign(name, { width: NAME.letter * classes[name.label]!.length })
  );
  const moveInside = () => {
    for (const name of sized) {
      name.x = within(name.x, x, name.width / 2);
      name.y = within(name.y, y, NAME.height / 2);
    }
  };
  moveInside();
  separateNames(sized);
  moveInside();
  for (const name of sized) {
    addText(parent, name.x, name.y + 5, classes[name.label]!, {
      anchor: "middle",
      size: 15,
      bold: true,
      halo: true,
    });
  }
}

/** Pixels of a class's name in the plane: of a letter on average, and its height. */
const NAME = { letter: 8, height: 13 };

/** Where something that reaches so far on either side is seen whole on an axis; in the middle, where it is longer. */
function within(place: number, axis: Scale, half: number): number {
  const [low, high] = d3.extent(axis.range()) as [number, number];
  return 2 * half > high - low ? (low + high) / 2 : Math.min(Math.max(place, low + half), high - half);
}

/** Moves names that lie on one another apart, each by half of what they overlap, along the side where that is less. */
function separateNames(names: readonly { x: number; y: number; readonly width: number }[]): void {
  for (let round = 0; round < 100; round++) {
    let areApart = true;
    for (const [i, one] of names.entries()) {
      for (const other of names.slice(i + 1)) {
        const [dx, dy] = [other.x - one.x, other.y - one.y];
        const across = (one.width + other.width) / 2 - Math.abs(dx), up = NAME.height - Math.abs(dy);
        if (across <= 0 || up <= 0) continue;
        areApart = false;
        const axis = up <= across ? "y" : "x";
        const step = (axis === "y" ? Math.sign(dy) || 1 : Math.sign(dx) || 1) * Math.min(up, across) / 2;
        one[axis] -= step;
        other[axis] += step;
      }
    }
    if (areApart) return;
  }
}

/** The least letters of a name in a legend. */
const SHORTEST_NAME = 4;

/** Draws the classes in a row, where there are several, each a dot and its name, from `left` over at most `width`. */
export function drawLegend(
  parent: Selection,
  { labels, classes }: Pick<LabelledPoints, "labels" | "classes">,
  left: number,
  y: number,
  width: number,
): void {
  if (!hasClasses({ classes })) return;
  const shown = classesOf(labels);
  const room = (name: string) => 22 + 5.6 * name.length;
  // Where not all names fit they are cut short, and where that leaves too little some are left out.
  let longest = Math.max(...shown.map((label) => classes[label]!.length));
  const cut = (label: number) => {
    const name = classes[label]!;
    return name.length > longest ? `${name.slice(0, longest - 1)}…` : name;
  };
  const total = (labels: readonly number[]) => d3.sum(labels, (label) => room(cut(label)));
  while (longest > SHORTEST_NAME && total(shown) > width) longest--;
  let fitting = shown;
  const more = () => `+ ${shown.length - fitting.length}`;
  while (fitting.length > 1 && total(fitting) + (fitting === shown ? 0 : room(more())) > width) {
    fitting = fitting.slice(0, -1);
  }
  let x = left;
  for (const label of fitting) {
    parent.append("circle").attr("cx", x + 4).attr("cy", y).attr("r", 4).attr("fill", classColour(label));
    addText(parent, x + 11, y + 3.5, cut(label));
    x += room(cut(label));
  }
  if (fitting.length < shown.length) addText(parent, x, y + 3.5, more(), { quiet: true });
}

/** Draws circles around the prior's centre that hold half and 95 % of N(0, I) in two dimensions. */
export function drawPrior(parent: Selection, x: Scale, y: Scale): void {
  for (const share of [0.5, 0.95]) {
    const radius = Math.sqrt(-2 * Math.log(1 - share));
    parent.append("circle").attr("cx", x(0)).attr("cy", y(0)).attr("r", Math.abs(x(radius) - x(0)))
      .attr("fill", "none").attr("stroke", "currentColor").attr("stroke-width", 1.2)
      .attr("stroke-dasharray", "4 3");
  }
}

/**
 * Limits [x, y] of a square view with equal scales that holds the prior's 95 % circle and, of each axis,
 * all points but the outermost 0.2 % on either side.
 */
export function squareLimits(coordinates: Float32Array): [number, number] {
  const values = Array.from(coordinates.slice().sort());
  const low = d3.quantileSorted(values, 0.002)!;
  const high = d3.quantileSorted(values, 0.998)!;
  const reach = 1.08 * Math.max(2.5, -low, high);
  return [Number(decimal(-reach)), Number(decimal(reach))];
}

function classesOf(labels: Uint8Array): number[] {
  return [...new Set(labels)].sort((a, b) => a - b);
}
