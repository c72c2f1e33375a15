import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import { coloured, type Group, MOST_COLOURED } from "../../../pipeline/figures/charts/group.ts";
import { klProfile } from "../../../pipeline/figures/charts/kl_profile.ts";
import { lossBands, type RunCurves } from "../../../pipeline/figures/charts/loss_bands.ts";
import { rateDistortion } from "../../../pipeline/figures/charts/rate_distortion.ts";
import { sharpnessDistance } from "../../../pipeline/figures/charts/sharpness_distance.ts";
import { seedDots } from "../../../pipeline/figures/charts/seed_dots.ts";
import { CLASS_COLOURS } from "../../../pipeline/figures/drawing/theme.ts";
import { assertNear } from "../../support/assert_near.ts";

const TEXT = { title: "A figure", description: "What it shows." };

function groups(...names: string[]): Group[] {
  return coloured(names, names.map((_, i) => i));
}

function open(svg: string) {
  return new DOMParser().parseFromString(svg, "image/svg+xml");
}

type Svg = ReturnType<typeof open>;

function numbers(document: Svg, selector: string, ...attributes: string[]): number[][] {
  return [...document.querySelectorAll(selector)].map((element) =>
    attributes.map((attribute) => Number(element.getAttribute(attribute)))
  );
}

const near = (actual: number, expected: number, absolute: number) =>
  assertNear(actual, expected, { absolute });

function curves(value: number, epochs = 3): RunCurves {
  const list = Array.from({ length: epochs }, (_, i) => value + i);
  return {
    epochs: list.map((_, i) => i + 1),
    loss: list,
    kl: list,
    reconstruction: list,
    klWeight: list.map(() => 1),
  };
}

const RATES = [
  { rate: 5, distortion: 110 },
  { rate: 22, distortion: 78 },
  { rate: 12, distortion: 95 },
];

function drawings(): Record<string, string> {
  const [a, b] = groups("first", `second <&"`) as [Group, Group];
  return {
    dots: seedDots(
      { label: "nats", groups: [{ ...a, values: [98.1, 98.6] }, { ...b, values: [101] }] },
      TEXT,
    ),
    rates: rateDistortion(
      { groups: [{ ...a, runs: RATES.slice(0, 2) }, { ...b, runs: RATES.slice(2) }] },
      TEXT,
    ),
    sharpness: sharpnessDistance(
      { groups: [{ ...a, runs: [{ sharpness: 0.4, distance: 9, floor: 0.5 }] }, { ...b, runs: [] }] },
      TEXT,
    ),
    bands: lossBands({ groups: [{ ...a, runs: [curves(90), curves(92)] }, { ...b, runs: [] }] }, TEXT),
    profile: klProfile({ groups: [{ ...a, runs: [[0, 3, 1]] }, { ...b, runs: [[0, 0, 0]] }] }, TEXT),
  };
}

Deno.test("comparison figures hold to the house style: finite short coordinates, readable letters, escaped names", () => {
  for (const [name, svg] of Object.entries(drawings())) {
    for (const [, value] of svg.matchAll(/ (?:d|x|y|x1|x2|y1|y2|cx|cy|transform)="([^"]*)"/g)) {
      assert.doesNotMatch(value!, /NaN|Infinity|undefined|\d\.\d{3}/, name);
    }
    const sizes = [...svg.matchAll(/font-size="([^"]*)"/g)].map(([, size]) => Number(size));
    assert.ok(Math.min(...sizes) >= 10, name);
    assert.match(svg, /viewBox="0 0 320 /);
    assert.ok(open(svg).querySelector("svg > title"), name);
    assert.ok(!svg.includes("<&"), name);
    assert.equal(svg, drawings()[name]);
  }
});

Deno.test("every seed has a dot on one linear scale, and the bar stands at the mean", () => {
  const [group] = groups("one");
  const document = open(seedDots({ label: "nats", groups: [{ ...group!, values: [10, 14, 30] }] }, TEXT));
  const [a, b, c] = numbers(document, "circle", "cx").flat() as [number, number, number];
  near((b - a) / (c - a), 4 / 20, 0.001);
  const [[bar]] = numbers(document, ".group line", "x1") as [[number]];
  near((bar - a) / (c - a), 8 / 20, 0.001);
});

Deno.test("sharpness and distance have linear scales, and the dashed lines cross where the data are", () => {
  const [a, b] = groups("a", "b") as [Group, Group];
  const document = open(sharpnessDistance({
    groups: [
      { ...a, runs: [{ sharpness: 0.5, distance: 8, floor: 1 }, { sharpness: 1.5, distance: 4, floor: 3 }] },
      { ...b, runs: [{ sharpness: 1, distance: 2, floor: 2 }] },
    ],
  }, TEXT));
  const points = numbers(document, "circle", "cx", "cy") as [number, number][];
  const [middle, ...others] = points.toSorted(([p], [q]) =>
    Math.abs(p - points[2]![0]) - Math.abs(q - points[2]![0])
  );
  const [left, right] = others.toSorted(([p], [q]) => p - q) as [[number, number], [number, number]];
  near(middle![0] - left[0], right[0] - middle![0], 0.02);
  near((middle![1] - left[1]) / (right[1] - left[1]), (8 - 2) / (8 - 4), 0.01);
  const [upright, level] = numbers(document, "line[stroke-dasharray]", "x1", "y1", "x2", "y2");
  assert.deepEqual([upright![0], upright![2]], [middle![0], middle![0]]);
  assert.deepEqual([level![1], level![3]], [middle![1], middle![1]], "the floor is the mean of all runs'");
});

Deno.test("along each dashed line rate and distortion add up to the number beside it", () => {
  const [group] = groups("one");
  const document = open(rateDistortion({ groups: [{ ...group!, runs: RATES }] }, TEXT));
  const [p, q] = numbers(document, "circle", "cx", "cy") as [[number, number], [number, number]];
  const rate = (x: number) => RATES[0]!.rate + (x - p[0]) / (q[0] - p[0]) * (RATES[1]!.rate - RATES[0]!.rate);
  const distortion = (y: number) =>
    RATES[0]!.distortion + (y - p[1]) / (q[1] - p[1]) * (RATES[1]!.distortion - RATES[0]!.distortion);
  const lines = [...document.querySelectorAll("line[stroke-dasharray]")];
  assert.ok(lines.length >= 2);
  for (const line of lines) {
    const at = (name: string) => Number(line.getAttribute(name));
    const sum = Number(line.nextElementSibling!.textContent);
    near(rate(at("x1")) + distortion(at("y1")), sum, 0.1);
    near(rate(at("x2")) + distortion(at("y2")), sum, 0.1);
  }
});

Deno.test("the line of a group is the mean of its runs, and the band reaches to the lowest and the highest", () => {
  const [spread, middle, low, high] = groups("spread", "middle", "low", "high") as [
    Group,
    Group,
    Group,
    Group,
  ];
  const document = open(lossBands({
    groups: [
      { ...spread, runs: [curves(90), curves(94)] },
      { ...middle, runs: [curves(92)] },
      { ...low, runs: [curves(90)] },
      { ...high, runs: [curves(94)] },
    ],
  }, TEXT));
  const line = (index: number) =>
    [...document.querySelectorAll(`[data-group="${index}"]`)][0]!.querySelector('[fill="none"]')!
      .getAttribute("d")!;
  assert.equal(line(0), line(1));
  const band = document.querySelector('[data-group="0"] path')!.getAttribute("d")!;
  const points = (path: string) => path.match(/-?[\d.]+,-?[\d.]+/g)!;
  assert.deepEqual(points(band).toSorted(), [...points(line(2)), ...points(line(3))].toSorted());
});

Deno.test("runs of different lengths are averaged over those that got so far", () => {
  const [a, b] = groups("a", "b") as [Group, Group];
  const longer = { ...curves(90, 4) };
  const document = open(lossBands({
    groups: [{ ...a, runs: [curves(90), longer] }, { ...b, runs: [longer] }],
  }, TEXT));
  const ends = [0, 1].map((i) => numbers(document, `[data-group="${i}"] circle`, "cx", "cy")[0]);
  assert.deepEqual(ends[0], ends[1]);
});

Deno.test("the profile of KL falls, and lies on the axis where the posterior has collapsed", () => {
  const document = open(drawings().profile!);
  const heights = numbers(document, '[data-group="0"] circle', "cy").flat();
  assert.deepEqual(heights, heights.toSorted((a, b) => a - b));
  const collapsed = numbers(document, '[data-group="1"] circle', "cy").flat();
  assert.equal(new Set(collapsed).size, 1);
  assert.equal(collapsed[0], heights.at(-1));
});

Deno.test("of more groups than colours those of the lowest rank have one, each its own", () => {
  const names = Array.from({ length: 25 }, (_, i) => `group ${i}`);
  const ranks = names.map((_, i) => 24 - i);
  const painted = coloured(names, ranks);
  const named = painted.filter(({ colour }) => colour !== null);
  assert.deepEqual(named.map(({ index }) => index), names.map((_, i) => i).slice(-MOST_COLOURED));
  assert.equal(new Set(named.map(({ colour }) => colour)).size, CLASS_COLOURS.length);
  assert.ok(coloured(names.slice(0, 10), ranks).every(({ colour }) => colour !== null));
});
