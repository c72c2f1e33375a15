import assert from "node:assert/strict";
import { CLASS_COLOURS, DARK_CLASS_COLOURS, SERIES } from "../../../pipeline/figures/drawing/theme.ts";

type Colour = readonly [number, number, number];

/** What eyes without one kind of cone see, in linear RGB (Machado, Oliveira and Fernandes, 2009, severity 1). */
const VISION: Record<string, readonly Colour[]> = {
  "normal vision": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "protanopia": [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  "deuteranopia": [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  "tritanopia": [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

for (const [vision, matrix] of Object.entries(VISION)) {
  Deno.test(`ten classes are told apart with ${vision}`, () => {
    for (const [palette, least] of [[CLASS_COLOURS, 0.12], [DARK_CLASS_COLOURS, 0.1]] as const) {
      const seen = palette.map((hex) => oklab(times(matrix, linear(hex))));
      for (let i = 0; i < seen.length; i++) {
        for (let j = 0; j < i; j++) {
          assert.ok(distance(seen[i]!, seen[j]!) >= least, `${palette[i]} and ${palette[j]}`);
        }
      }
    }
  });

  Deno.test(`train, validation and test lines are told apart with ${vision}`, () => {
    for (const mode of ["colour", "dark"] as const) {
      const seen = Object.values(SERIES).map((series) => oklab(times(matrix, linear(series[mode]))));
      assert.ok(distance(seen[0]!, seen[2]!) > 0.15, "train and test");
    }
    assert.equal(new Set(Object.values(SERIES).map(({ dash }) => dash)).size, 3, "dashes");
  });
}

Deno.test("every class stands out from its page, and words in a series' colour can be read", () => {
  for (const colour of CLASS_COLOURS) assert.ok(contrast(colour, "#ffffff") > 1.8, colour);
  for (const colour of DARK_CLASS_COLOURS) assert.ok(contrast(colour, "#14161a") > 2.5, colour);
  for (const { colour, dark } of Object.values(SERIES)) {
    // 4.5 is what WCAG 2.2 asks of small text.
    assert.ok(contrast(colour, "#ffffff") >= 4.5, colour);
    assert.ok(contrast(dark, "#14161a") >= 4.5, dark);
  }
});

function linear(hex: string): Colour {
  const part = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function times(matrix: readonly Colour[], colour: Colour): Colour {
  const row = (i: number) => {
    const sum = matrix[i]!.reduce((total, factor, j) => total + factor * colour[j]!, 0);
    return Math.min(1, Math.max(0, sum));
  };
  return [row(0), row(1), row(2)];
}

/** Ottosson, 2020: a perceptual space, in which 0.02 is about a just noticeable difference. */
function oklab([r, g, b]: Colour): Colour {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [a, b].map((hex) => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  }).sort((x, y) => y - x);
  return light! / dark!;
}
