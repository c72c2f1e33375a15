import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import type { ReportData } from "../../pipeline/report/data.ts";
import { renderPage } from "../../pipeline/report/page.ts";
import { IMAGE_FIGURES } from "../figures/gallery.ts";
import { fixtureReport, SMALL } from "./fixture.ts";

const STYLE = await Deno.readTextFile(new URL("../../pipeline/report/style.css", import.meta.url));

function open(report: ReportData) {
  const html = renderPage(report, STYLE);
  return { html, document: new DOMParser().parseFromString(html, "text/html") };
}

Deno.test("the same report gives the same bytes", () => {
  assert.equal(renderPage(fixtureReport(SMALL), STYLE), renderPage(fixtureReport(SMALL), STYLE));
});

Deno.test("the page holds every figure with its number, caption, files and command", () => {
  const report = fixtureReport(SMALL);
  const { document } = open(report);
  assert.equal(document.querySelectorAll(".gallery figure").length, IMAGE_FIGURES.length);
  report.figures.forEach((figure, i) => {
    const element = document.querySelector(`#figure-${figure.name}`)!;
    assert.ok(element.querySelector("svg"), figure.name);
    const caption = element.querySelector("figcaption")!.textContent;
    assert.ok(caption.includes(`Figure ${i + 1}. ${figure.title}`));
    assert.ok(caption.includes(figure.caption));
    assert.ok(caption.includes(figure.command));
    const links = [...element.querySelectorAll("a")].map((link) => link.getAttribute("href"));
    assert.deepEqual(links, figure.files);
  });
});

Deno.test("every link leads to a file of the bundle, a place in the page, or an address of the dataset", () => {
  const report = fixtureReport(SMALL);
  const { document } = open(report);
  const files = new Set([
    ...report.downloads.map(({ path }) => path),
    ...report.figures.flatMap(({ files }) => files),
  ]);
  const links = [...document.querySelectorAll("a")].map((link) => link.getAttribute("href")!);
  assert.ok(links.length > 20);
  for (const link of links) {
    if (link.startsWith("#")) assert.ok(document.getElementById(link.slice(1)), link);
    else assert.ok(files.has(link) || [report.dataset.url, report.dataset.licence.url].includes(link), link);
  }
  for (const { path } of report.downloads) assert.ok(links.includes(path), path);
});

Deno.test("the page loads nothing: no script, no frame, no style sheet, pictures as data", () => {
  const { document, html } = open(fixtureReport(SMALL));
  assert.equal(document.querySelectorAll("script, iframe, object, embed, link, base, form, input").length, 0);
  for (const picture of document.querySelectorAll("img, image")) {
    assert.match(picture.getAttribute("src") ?? picture.getAttribute("href")!, /^data:image\/png;base64,/);
  }
  assert.doesNotMatch(html, /@import|url\((?!#)/);
  assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
});

Deno.test("text from specs, datasets and machines cannot become markup", () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'</style></title>&lt;`;
  const count = (words: string) => {
    const report = fixtureReport(SMALL, words);
    return open({ ...report, dataset: { ...report.dataset, url: "javascript:alert(1)" } }).document;
  };
  const [plain, attacked] = [count("plain"), count(hostile)];
  const names = (document: typeof plain) =>
    [...document.querySelectorAll("*")].map((element) =>
      [element.localName, ...[...element.attributes].map(({ name }) => name)].join(" ")
    );
  assert.deepEqual(names(attacked), names(plain));
  assert.equal(attacked.querySelector("h1")!.textContent, hostile);
  assert.equal(attacked.querySelector("a[href^='javascript']"), null);
});

Deno.test("every number stands beside its split, likelihood and binarisation", () => {
  const report = fixtureReport(SMALL);
  const rows = [...open(report).document.querySelectorAll("#numbers tbody")][0]!.querySelectorAll("tr");
  assert.equal(rows.length, report.quantities.length);
  [...rows].forEach((row, i) => {
    const { value, split, likelihood, binarisation } = report.quantities[i]!;
    for (const words of [value.toFixed(2), split, likelihood, binarisation]) {
      assert.ok(row.textContent.includes(words), `${words} in ${row.textContent}`);
    }
  });
});

Deno.test("the page can be read without its pictures: a language, one heading of the first rank, titles, captions", () => {
  const { document } = open(fixtureReport(SMALL));
  assert.equal(document.documentElement.getAttribute("lang"), "en");
  assert.equal(document.querySelectorAll("h1").length, 1);
  for (const svg of document.querySelectorAll("svg")) {
    const [title] = svg.getAttribute("aria-labelledby")!.split(" ");
    assert.ok(document.getElementById(title!)!.textContent.length > 0);
    assert.equal(svg.getAttribute("role"), "img");
  }
  for (const picture of document.querySelectorAll("img")) assert.ok(picture.getAttribute("alt"));
  for (const table of document.querySelectorAll("table")) assert.ok(table.querySelector("caption"));
});
