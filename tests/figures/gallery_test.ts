import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DOMParser } from "linkedom";
import { readmeFigures } from "./write_gallery.ts";
import { CHART_GALLERY, MUSIC_GALLERY } from "./gallery_of_others.ts";
import { CONV_MODEL, gallery, type GallerySize, IMAGE_FIGURES, type ImageFigureName } from "./gallery.ts";

const SMALL: GallerySize = { points: 40, epochs: 4, images: 4, side: 6, model: CONV_MODEL };
const DENSE = {
  architecture: "dense",
  latentSize: 2,
  encoder: { units: [500], activation: "tanh" },
  decoder: { units: [500], activation: "tanh" },
};
const LSTM = {
  architecture: "lstm",
  latentSize: 16,
  encoder: { units: 128, direction: "bidirectional" },
  decoder: { units: 128, layers: 2 },
};
const TEXT = { title: "A figure", description: "What it shows." };

Deno.test("the gallery holds every figure of images that a spec can ask for", () => {
  assert.deepEqual(Object.keys(gallery(SMALL)).sort(), [...IMAGE_FIGURES].sort());
});

for (const name of IMAGE_FIGURES) {
  Deno.test(`the ${name} figure looks as it did`, async () => {
    await assertSnapshot(name, gallery(SMALL)[name](TEXT));
  });
}

Deno.test("the architecture of a dense and of an LSTM model look as they did", async () => {
  for (const [name, model] of Object.entries({ dense: DENSE, lstm: LSTM })) {
    await assertSnapshot(`architecture-${name}`, gallery({ ...SMALL, model }).architecture(TEXT));
  }
});

Deno.test("README's figures are what the code draws: deno task gallery writes them anew", async () => {
  const figures = Object.entries(readmeFigures());
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  assert.equal(figures.length, 2);
  for (const [path, svg] of figures) {
    assert(readme.includes(`src="${path}"`), path);
    assert.equal(await Deno.readTextFile(new URL(`../../${path}`, import.meta.url)), svg, path);
  }
});

Deno.test("the same data gives the same bytes", () => {
  for (const name of IMAGE_FIGURES) {
    assert.equal(gallery(SMALL)[name](TEXT), gallery(SMALL)[name](TEXT), name);
  }
});

/** What stands for the data in each figure, and how often it is there. */
const MARKS: Readonly<Record<ImageFigureName, readonly [mark: RegExp, count: number]>> = {
  // Input, 3 encoder layers, mean, log variance, z, 3 decoder layers, likelihood.
  "architecture": [/<rect [^>]*rx="5"/g, 11],
  // Three losses of two parts, and the KL weight.
  "learning-curves": [/<circle /g, 7],
  // 4 x 4 samples, and 4 beside their nearest.
  "prior-samples": [/<image /g, 16 + 4 + 4],
  "manifold": [/<image /g, 1],
  // Two rows of 4 originals and 4 reconstructions.
  "reconstructions": [/<image /g, 16],
  // Three pairs, each with the steps between in one picture.
  "interpolation": [/<image /g, 9],
  "latent-scatter": [/M[\d.]+ [\d.]+h0/g, 40],
  "posterior-evolution": [/M[\d.]+ [\d.]+h0/g, 6 * 40],
  "posterior-animation": [/M[\d.]+ [\d.]+h0/g, 6 * 40],
  "manifold-animation": [/<image /g, 3],
  "kl-per-dimension": [/<rect [^>]*stroke=/g, 10],
  "importance-bound": [/<circle /g, 9],
  "completion": [/<image /g, 4 * 4],
  "denoising": [/<image /g, 3 * 4],
  "attributes": [/<image /g, 2 * 4],
  "class-samples": [/<image /g, 3 * 4],
  "sample-quality": [/<image /g, 3 * 4],
  // Three numbers of labels in each of two panels for each of three representations, and a key.
  "few-labels": [/<circle /g, 3 * 2 * 3 + 3],
  // Three inputs in each of two panels.
  "prediction-error": [/<circle /g, 3 * 2],
  // Four angles of each of three subspaces, and a key.
  "linear-subspace": [/<circle /g, 4 * 3 + 3],
  "traversal": [/<image /g, 2 * 4],
};

Deno.test("figures of music and charts are drawn from fixed data, each with ids of its own", () => {
  const others = Object.entries({ ...MUSIC_GALLERY, ...CHART_GALLERY });
  const ids = others.flatMap(([, draw]) => [...draw(TEXT).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  assert.equal(new Set(ids).size, ids.length);
  for (const [name, draw] of others) {
    assert.doesNotMatch(draw(TEXT), /NaN|Infinity|undefined/, name);
    assert.equal(draw(TEXT), draw(TEXT), name);
  }
});

Deno.test("every datum has its mark", () => {
  for (const [name, svg] of drawings()) {
    const [mark, count] = MARKS[name];
    assert.equal([...svg.matchAll(mark)].length, count, name);
  }
});

Deno.test("coordinates are finite and have two decimals at most", () => {
  for (const [name, svg] of drawings()) {
    for (
      const [, value] of svg.matchAll(/ (?:d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform)="([^"]*)"/g)
    ) {
      assert.doesNotMatch(value!, /NaN|Infinity|undefined|\d\.\d{3}|\de-\d/, name);
    }
  }
});

Deno.test("no letter is smaller than 10 units, which print at 7 points in a column of 8 cm", () => {
  for (const [name, svg] of drawings()) {
    const sizes = [...svg.matchAll(/font-size="([^"]*)"/g)].map(([, size]) => Number(size));
    assert.ok(sizes.length > 0 && Math.min(...sizes) >= 10, name);
    const [, width] = /viewBox="0 0 (\d+)/.exec(svg)!;
    assert.equal(width, "320", name);
  }
});

Deno.test("ids start with the figure's name and are unique in the page that holds all figures", () => {
  const ids = drawings().flatMap(([name, svg]) => {
    const own = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    assert.ok(own.length >= 2 && own.every((id) => id.startsWith(`${name}-`)), name);
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) assert.ok(own.includes(id!), id!);
    return own;
  });
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("a title cannot add elements or attributes, whatever it holds", () => {
  const hostile = `</title><script>alert(1)</script>" onload="x' ]]> &amp; <!-- \u0000`;
  for (const name of IMAGE_FIGURES) {
    const plain = elements(gallery(SMALL)[name](TEXT));
    const attacked = elements(gallery(SMALL)[name]({ title: hostile, description: hostile }));
    assert.deepEqual(attacked, plain, name);
  }
});

function drawings(): [ImageFigureName, string][] {
  const drawn = gallery(SMALL);
  return IMAGE_FIGURES.map((name) => [name, drawn[name](TEXT)]);
}

/** Names of all elements with the names of their attributes. */
function elements(svg: string): string[] {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  return [...document.querySelectorAll("*")].map((element) =>
    [element.localName, ...[...element.attributes].map(({ name }) => name).sort()].join(" ")
  );
}

/**
 * Compares with the committed drawing, one element a line and pictures as digests. Where they differ the new one
 * is left beside it as `NAME-changed.svg`; it becomes the snapshot by being renamed.
 */
async function assertSnapshot(name: string, svg: string): Promise<void> {
  const normal = svg.replaceAll("><", ">\n<").replaceAll(
    /data:image\/png;base64,([^"]*)/g,
    (_, base64) => `sha256:${createHash("sha256").update(base64).digest("hex").slice(0, 16)}`,
  );
  const file = new URL(`./snapshots/${name}.svg`, import.meta.url);
  const changed = new URL(`./snapshots/${name}-changed.svg`, import.meta.url);
  const expected = await Deno.readTextFile(file).catch(() => null);
  if (normal === expected) return;
  await Deno.writeTextFile(changed, normal);
  assert.equal(normal, expected, `${name} changed`);
}
