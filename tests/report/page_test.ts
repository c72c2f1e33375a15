import assert from "node:assert/strict";
import { DOMParser } from "linkedom";
import type { ReportData } from "../../pipeline/report/data.ts";
import { markup } from "../../pipeline/report/markup.ts";
import { renderPage } from "../../pipeline/report/page.ts";
import { fixtureReport, SMALL, smallReport } from "./fixture.ts";

const STYLE = await Deno.readTextFile(new URL("../../pipeline/report/style.css", import.meta.url));

function open(report: ReportData) {
  const html = renderPage(report, STYLE);
  return { html, document: new DOMParser().parseFromString(html, "text/html") };
}

Deno.test("the same report gives the same bytes", () => {
  assert.equal(renderPage(fixtureReport(SMALL), STYLE), renderPage(fixtureReport(SMALL), STYLE));
});

Deno.test("the page holds every figure with its number, caption, files and command", () => {
  const report = smallReport();
  const { document } = open(report);
  assert.equal(document.querySelectorAll(".gallery figure").length, report.figures.length);
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
  const report = smallReport();
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
  const { document, html } = open(smallReport());
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

Deno.test("data whose authors are not known are cited by their title alone", () => {
  const report = smallReport();
  const citation = (authors: string) => {
    const { document } = open({ ...report, dataset: { ...report.dataset, title: "Pictures", authors } });
    const notes = [...document.querySelectorAll(".note")].map(({ textContent }) => textContent);
    return notes.find((text) => text.startsWith("Cite"))!;
  };
  assert.match(citation(""), /^Cite the data as well: Pictures\./);
  assert.match(citation("A. Smith"), /^Cite the data as well: A. Smith, Pictures\./);
});

Deno.test("every number stands beside its split, likelihood and binarisation", () => {
  const report = smallReport();
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
  const { document } = open(smallReport());
  assert.equal(document.documentElement.getAttribute("lang"), "en");
  assert.equal(document.querySelectorAll("h1").length, 1);
  const words = "Convolutional VAE on MNIST"; // the fixture's drawings are all called so
  for (const svg of document.querySelectorAll("svg")) {
    assert.equal(svg.getAttribute("role"), "img");
    const [title, description] = svg.getAttribute("aria-labelledby")!.split(" ").map((id: string) =>
      document.getElementById(id)!
    );
    assert.deepEqual([title!.localName, title!.textContent], ["title", words]);
    assert.deepEqual([description!.localName, description!.textContent], ["desc", words]);
    assert.ok(svg.contains(title!) && svg.contains(description!));
  }
  for (const picture of document.querySelectorAll("img")) assert.ok(picture.getAttribute("alt"));
  for (const table of document.querySelectorAll("table")) {
    assert.ok(table.querySelector("caption")!.textContent.trim());
    assert.equal(table.querySelectorAll("thead > tr").length, 1);
    for (const row of table.querySelectorAll("tbody > tr")) {
      assert.equal(row.firstElementChild!.getAttribute("scope"), "row");
    }
  }
  const levels = [...document.querySelectorAll("h1, h2, h3")].map(({ localName }) => Number(localName[1]));
  levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `a heading of rank ${level} follows one of rank ${before}`);
    return level;
  }, 0);
});

Deno.test("what came out stands before what went in: the model, figures, numbers, then data, settings, stages", () => {
  const { document } = open(smallReport());
  const sections = [...document.querySelectorAll("main > section")].map(({ id }) => id);
  assert.deepEqual(sections, [
    "explore",
    "figures",
    "numbers",
    "data",
    "run",
    "stages",
    "downloads",
    "python",
    "reproduce",
  ]);
  const contents = [...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href"));
  assert.deepEqual(contents, sections.map((id) => `#${id}`));
});

Deno.test("a kind of data may bring sections of its own: they follow the numbers, and are among the contents", () => {
  const own = { id: "texture", title: "Texture & grain", body: markup`<p>Coarse.</p>` };
  const { document } = open({ ...smallReport(), kindSections: [own] });
  const section = document.querySelector("#numbers + section")!;
  assert.equal(section.id, "texture");
  assert.equal(section.querySelector("h2")!.textContent, "Texture & grain");
  assert.equal(section.querySelector("p")!.textContent, "Coarse.");
  assert.equal(document.querySelector("nav a[href='#texture']")!.textContent, "Texture & grain");
});

Deno.test("downloads say what each file holds; what all files of a group are is said once", () => {
  const report = smallReport();
  const drawings = ["a", "b"].map((name) => ({
    path: `figures/${name}.svg`,
    bytes: 7,
    group: "Figures",
    what: "the drawings of this page",
    holds: "SVG",
  }));
  const { document } = open({ ...report, figures: [], downloads: [...report.downloads, ...drawings] });
  const text = document.querySelector("#downloads")!.textContent;
  assert.match(text, /metrics\.csv 3\.3 kBone row per epoch \(CSV\)/);
  assert.equal(text.match(/the drawings of this page \(SVG\)/g)!.length, 1);
});

Deno.test("the release is named on the page and in the citation, without a commit where there is none", () => {
  const report = smallReport();
  const text = (commit: string | null) =>
    open({ ...report, release: { version: "0.2.0", commit } }).document.querySelector("#reproduce")!
      .textContent;
  assert.match(
    text("ab".repeat(20)),
    /Reparam 0\.2\.0, commit abab.*\{Reparam 0\.2\.0, .*commit abababababab\}/s,
  );
  assert.match(text(null), /Reparam 0\.2\.0\..*\{Reparam 0\.2\.0, /s);
  assert.doesNotMatch(text(null), /commit/);
});

Deno.test("the script in Python reads an example, too, where the decoder does", () => {
  const report = smallReport();
  const script = (readsPast: boolean) =>
    open({ ...report, words: { ...report.words, readsPast } }).document
      .querySelector("#python code")!.textContent;
  assert.match(script(false), /decoder\.run\(\["mean"\], \{"z": z\}\)/);
  assert.match(script(true), /x = np\.zeros\(\(8, 784\), np\.float32\).*\{"z": z, "x": x\}/s);
});

Deno.test("a figure of music that makes no sound has no controls of how it is played", () => {
  const report = smallReport();
  const figures = report.figures.map((figure) => ({ ...figure, sounds: [] }));
  const { document } = open({ ...report, figures });
  assert.equal(document.querySelectorAll(".listening, .players").length, 0);
});

Deno.test("the head says what was trained, where that is no VAE", () => {
  const report = smallReport();
  const head = (words: Partial<ReportData["words"]>) =>
    open({ ...report, words: { ...report.words, ...words } }).document.querySelector(".kicker")!.textContent;
  assert.match(head({}), /^Reparam · variational autoencoder · /);
  assert.match(
    head({ trains: "generative adversarial network" }),
    /^Reparam · generative adversarial network · /,
  );
});
