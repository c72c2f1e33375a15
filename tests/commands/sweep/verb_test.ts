import assert from "node:assert/strict";
import { temporaryFolder } from "../../store/temporary.ts";
import { here } from "../here.ts";
import { jsonLines } from "../toy.ts";
import { TOY_PROJECT, TOY_VERBS } from "../toy_project.ts";

/** A folder with specs, and command lines over the toy stages on them. */
async function folderWith(files: Readonly<Record<string, unknown>>) {
  const folder = await temporaryFolder();
  const file = (name: string) => `${folder.path}/${name}`;
  for (const [name, value] of Object.entries(files)) {
    await Deno.writeTextFile(file(name), JSON.stringify(value));
  }
  return {
    ...folder,
    file,
    places: [`--artifacts=${file("artifacts")}`, `--reports=${file("reports")}`] as const,
    toy: (...args: string[]) => here(args, TOY_PROJECT, TOY_VERBS),
  };
}

/** `stage cell` of all that was executed. */
function executed(stdout: string): string[] {
  return jsonLines(stdout).filter(({ type }) => type === "finished").map(({ stage, cell }) =>
    `${stage} ${cell}`
  );
}

function page({ file }: Awaited<ReturnType<typeof folderWith>>): Promise<string> {
  return Deno.readTextFile(file("reports/trial/index.html"));
}

Deno.test("a sweep runs shared stages once, goes on after a failure and shows it; a rerun does what is missing", async () => {
  await using folder = await folderWith({
    // No list is as long as ten thousand million.
    "sweep.json": { name: "trial", matrix: { count: [3, 1e10], modulus: [100, 7] } },
  });
  const first = await folder.toy(
    "sweep",
    folder.file("sweep.json"),
    "--json",
    "--jobs",
    "2",
    ...folder.places,
  );
  assert.equal(first.code, 1, first.stderr);
  assert.deepEqual(executed(first.stdout).map((line) => line.split(" ")[0]).sort(), [
    "draw", // 6 modulo 100 and 6 modulo 7 are the same, and so is all behind it
    "make",
    "sum",
    "sum",
  ]);
  const cells = jsonLines(first.stdout).filter(({ type }) => type === "cell");
  assert.deepEqual(
    cells.map(({ cell, status }) => `${cell} ${status}`).sort(),
    [
      "count-10000000000-modulus-100 failed",
      "count-10000000000-modulus-7 failed",
      "count-3-modulus-100 done",
      "count-3-modulus-7 done",
    ],
  );
  assert.equal(
    await page(folder),
    `count-3-modulus-100: ==Sum: 18 count-3-modulus-100/index.html
count-3-modulus-7: ==Sum: 18 count-3-modulus-7/index.html
count-10000000000-modulus-100: failed, Stage make failed: Invalid array length
count-10000000000-modulus-7: failed, Stage make failed: Invalid array length
`,
  );
  assert.equal(
    await Deno.readTextFile(folder.file("reports/trial/count-3-modulus-7/index.html")),
    "==Sum: 18\n",
  );

  await Deno.writeTextFile(
    folder.file("sweep.json"),
    JSON.stringify({ name: "trial", matrix: { count: [3, 4], modulus: [100, 7] } }),
  );
  const second = await folder.toy("sweep", folder.file("sweep.json"), "--json", ...folder.places);
  assert.equal(second.code, 0, second.stderr);
  const again = executed(second.stdout);
  assert.equal(again.length, 5, again.join());
  assert.ok(again.every((line) => line.includes("count-4")), again.join());

  const third = await folder.toy("sweep", folder.file("sweep.json"), ...folder.places);
  assert.match(third.stdout, /^4 cells: 4 done\. Nothing had to be executed/);
  const plan = await folder.toy("sweep", folder.file("sweep.json"), "--dry-run", ...folder.places);
  assert.equal(plan.stdout, "4 cells: 4 cached, 0 would run.\n");
});

Deno.test("--fail-fast starts nothing after a failure, and the page says so", async () => {
  await using folder = await folderWith({ "sweep.json": { name: "trial", matrix: { count: [1e10, 3] } } });
  const { code, stderr } = await folder.toy(
    "sweep",
    folder.file("sweep.json"),
    "--fail-fast",
    "--jobs=1",
    ...folder.places,
  );
  assert.equal(code, 1);
  assert.match(stderr, /count-10000000000 failed: Stage make failed/);
  const text = await page(folder);
  assert.match(text, /^count-10000000000: failed/m);
  assert.match(text, /^count-3: missing, another cell failed before/m);
});

Deno.test("compare takes specs, sweeps and report folders, executes nothing, and prints Markdown", async () => {
  await using folder = await folderWith({
    "toy.json": { name: "toy" },
    "other.json": { name: "other", count: 6 },
    "sweep.json": { name: "trial", matrix: { count: [2, 3] } },
  });
  await folder.toy("run", folder.file("toy.json"), ...folder.places);
  await folder.toy("sweep", folder.file("sweep.json"), ...folder.places);
  const compared = await folder.toy(...[
    "compare",
    folder.file("toy.json"),
    folder.file("other.json"),
    folder.file("sweep.json"),
    "--markdown",
    ...folder.places,
  ]);
  assert.equal(compared.code, 0, compared.stderr);
  assert.deepEqual(compared.stdout.trim().split("\n"), [
    "toy: ==Sum: 45 ../toy/index.html",
    "other: missing, the store has no result of its stage make",
    "count-2: ==Sum: 9 ../trial/count-2/index.html",
    "count-3: ==Sum: 18 ../trial/count-3/index.html",
  ]);

  const none = await folder.toy("compare", folder.file("other.json"), ...folder.places);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /Cannot compare: there are no results yet/);
  const wrong = await folder.toy("compare", folder.file("artifacts"), ...folder.places);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /it is no report/);
});

Deno.test("why, verify and gc take a sweep, or one of its cells", async () => {
  await using folder = await folderWith({
    "toy.json": { name: "toy" },
    "sweep.json": { name: "trial", matrix: { count: [2, 3] } },
  });
  await folder.toy("run", folder.file("toy.json"), ...folder.places);
  await folder.toy("sweep", folder.file("sweep.json"), ...folder.places);
  const [artifacts] = folder.places;

  const all = await folder.toy("why", folder.file("sweep.json"), artifacts);
  assert.equal(
    all.stdout,
    "trial/count-2  cached\ntrial/count-3  cached\n2 cells: 2 cached. --cell NAME says more of one.\n",
  );
  const one = await folder.toy("why", folder.file("sweep.json"), "--cell", "count-3", artifacts);
  assert.equal(one.stdout.match(/now: cached/g)?.length, 3);

  const verified = await folder.toy("verify", folder.file("sweep.json"), artifacts);
  assert.equal(verified.code, 0, verified.stderr);
  assert.match(verified.stdout, /^trial\/count-3 draw the same bytes in 1 file$/m);

  const garbage = await folder.toy("gc", folder.file("sweep.json"), artifacts);
  assert.equal(garbage.stdout.match(/^(make|sum|draw) .* toy$/gm)?.length, 3, garbage.stdout);
  assert.doesNotMatch(garbage.stdout, /trial/);
});
