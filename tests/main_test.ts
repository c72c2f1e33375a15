import assert from "node:assert/strict";
import { listFiles } from "../pipeline/store/disk.ts";
import { type TemporaryFolder, temporaryFolder } from "./store/temporary.ts";
import { here } from "./commands/here.ts";
import { jsonLines, startToy, toy } from "./commands/toy.ts";
import { TOY_PROJECT, TOY_VERBS } from "./commands/toy_project.ts";

const PLACES = ["--artifacts=artifacts", "--reports=reports"];

async function folderWithSpec(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/toy.json`, '{ "name": "toy" }');
  return folder;
}

/** A folder with a spec for command lines in this process, where a path does not begin in the folder. */
async function toysHere() {
  const folder = await folderWithSpec();
  const { path } = folder;
  return {
    ...folder,
    spec: `${path}/toy.json`,
    places: [`--artifacts=${path}/artifacts`, `--reports=${path}/reports`] as const,
    toy: (...args: string[]) => here(args, TOY_PROJECT, TOY_VERBS),
  };
}

Deno.test("run ends in a report; a second run executes nothing and says so", async () => {
  await using folder = await folderWithSpec();
  const first = await toy(folder.path, "run", "toy.json", ...PLACES);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /3 stages executed, 0 cached/);
  assert.match(first.stderr, /^draw\s+done in /m);
  const page = /Report: (\S+)/.exec(first.stdout)![1]!;
  assert.equal(await Deno.readTextFile(page), "==Sum: 45\n");

  const second = await toy(folder.path, "run", "toy.json", ...PLACES);
  assert.equal(second.code, 0);
  assert.match(second.stdout, /Everything was cached: nothing was executed/);
  assert(second.stdout.includes(page));
});

Deno.test("--dry-run tells the plan with a reason for each stage, and executes and writes nothing", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  await toy("run", spec, ...places);
  await Deno.remove(`${folder.path}/reports`, { recursive: true });
  const blobs = listFiles(`${folder.path}/artifacts/cas`);
  const { code, stdout } = await toy("run", spec, "--dry-run", "--set", "modulus=7", ...places);
  assert.equal(code, 0);
  assert.deepEqual(stdout.trim().split("\n").map((line) => line.trim().replace(/\s+/g, " ")), [
    "toy:",
    "make cached",
    "sum would run: parameter modulus changed 1000 -> 7",
    "draw may run: what it reads from sum may change",
  ]);
  assert.deepEqual(listFiles(`${folder.path}/artifacts/cas`), blobs);
  assert.deepEqual(listFiles(folder.path).filter((name) => name.startsWith("reports/")), []);
});

Deno.test("--json prints one event per line on stdout, the reasons and the report's path among them", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  const { stdout } = await toy("run", spec, "--json", ...places);
  const events = jsonLines(stdout);
  const starts = events.filter(({ type }) => type === "start").map((
    { stage, reason },
  ) => [stage, reason.kind]);
  assert.deepEqual(starts, [["make", "never-ran"], ["sum", "never-ran"], ["draw", "never-ran"]]);
  const [summary, report] = events.slice(-2);
  assert.deepEqual([summary.type, summary.executed, summary.cached], ["summary", 3, 0]);
  assert.equal(report.experiment, "toy");
  assert(report.path.endsWith("/reports/toy/index.html"));
});

Deno.test("--frozen executes nothing: it hits, or fails and names the stages", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  const cold = await toy("run", spec, "--frozen", ...places);
  assert.equal(cold.code, 1);
  assert.match(cold.stderr, /3 stages would have to run, and --frozen forbids it\n\s+toy make: it never ran/);
  assert.deepEqual(listFiles(folder.path).filter((name) => name.includes("/ac/")), []);
  await toy("run", spec, ...places);
  assert.equal((await toy("run", spec, "--frozen", ...places)).code, 0);
});

Deno.test("bad usage exits with 2, says what is wrong, and names what is near", async () => {
  await using folder = await toysHere();
  const { toy, spec } = folder;
  const cases: [string[], RegExp][] = [
    [["runn"], /There is no verb runn\n\s+Did you mean run\?/],
    [["run", spec, "--dry-rum"], /no option --dry-rum\n\s+Did you mean --dry-run\?/],
    [["run"], /the file of a spec is missing\n\s+Usage: deno task run SPEC/],
    [["run", spec, "--jobs", "many"], /--jobs many: it must be a whole number of at least 1/],
    [["run", spec, "--jobs"], /--jobs needs a value/],
    [["run", spec, "--engine", "steam"], /--engine steam is not known\n\s+Allowed: .*native, portable/],
    [["run", spec, spec], /both are named toy/],
    [["why", spec, "summ"], /there is no stage summ\n\s+Did you mean sum\?/],
    [["why", spec, "sum", "more"], /more is one too many/],
    [["gc"], /say what to keep/],
    [["gc", "--budget", "lots"], /--budget lots: it is no size/],
  ];
  for (const [args, told] of cases) {
    const { code, stderr } = await toy(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, told);
    assert.doesNotMatch(stderr, /\n\s+at /, "a stack trace");
  }
  assert.deepEqual(listFiles(folder.path), ["toy.json"]);
});

Deno.test("a folder that is a file is told before anything runs", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  for (const option of ["--artifacts", "--reports"]) {
    for (const path of [spec, `${spec}/inside`]) {
      const { code, stderr } = await toy("run", spec, option, path);
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(`Cannot use ${option} .*: it is a file, or lies in one`));
    }
  }
  const compared = await toy("compare", spec, "--out", spec, places[0]);
  assert.equal(compared.code, 2);
  assert.match(compared.stderr, /Cannot use --out/);
  assert.deepEqual(listFiles(folder.path), ["toy.json"]);
});

Deno.test("the page of one command is never written over by another", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  const pages = () =>
    listFiles(`${folder.path}/reports`).map((name) =>
      Deno.readTextFileSync(`${folder.path}/reports/${name}`)
    );
  await toy("run", spec, ...places);
  assert.equal((await toy("compare", spec, ...places)).code, 0);
  const before = pages();
  for (
    const args of [
      ["run", spec, "--set", "name=comparison"],
      ["compare", spec, "--out", `${folder.path}/reports/toy`],
    ]
  ) {
    const { code, stderr } = await toy(...args, ...places);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /Cannot write to .*: it holds a (comparison|page)/);
  }
  assert.deepEqual(pages(), before);
  assert.equal((await toy("compare", spec, ...places)).code, 0);
});

Deno.test("--version tells the version, wherever it is asked for", async () => {
  await using folder = await folderWithSpec();
  for (const args of [["--version"], ["run", "--version"]]) {
    const { code, stdout } = await toy(folder.path, ...args);
    assert.equal(code, 0);
    assert.match(stdout, /^Reparam \d+\.\d+\.\d+ .*Deno \d+\.\d+/);
  }
});

Deno.test("every verb has help with an example, by --help and by help VERB", async () => {
  await using folder = await toysHere();
  const { toy } = folder;
  const overview = await toy("help");
  assert.equal(overview.code, 0);
  const verbs = [...overview.stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map((match) => match[1]!);
  assert(verbs.length >= 5, overview.stdout);
  for (const verb of verbs) {
    const { code, stdout } = await toy("help", verb);
    assert.equal(code, 0, verb);
    assert.match(stdout, new RegExp(`^Usage: deno task ${verb}`), verb);
    assert.match(stdout, new RegExp(`Examples?:\n {2}deno task ${verb}`), verb);
  }
  assert.equal(
    (await toy("run", "--help")).stdout,
    (await toy("help", "run")).stdout,
  );
  assert.equal((await toy()).code, 2);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends a run with status 130, says that the next one goes on, and it does`, async () => {
    await using folder = await folderWithSpec();
    const slow = ["--set", "count=100", "--set", "milliseconds=20", "--json", ...PLACES];
    const child = startToy(folder.path, "run", "toy.json", ...slow);
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let output = "";
    while (!/"stage":"sum"[^\n]*"type":"progress"|"type":"progress"[^\n]*"stage":"sum"/.test(output)) {
      const { value, done } = await reader.read();
      assert(!done, `it ended before: ${output}`);
      output += value;
    }
    child.kill(signal);
    const drain = (async () => {
      while (!(await reader.read()).done);
    })();
    const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text(), drain]);
    assert.equal(code, 130);
    assert.match(stderr, /Interrupted\n\s+What is finished is kept: the next run goes on from there/);

    const again = jsonLines((await toy(folder.path, "run", "toy.json", ...slow)).stdout);
    assert.match(again.find(({ type }) => type === "notice").message, /^resumed after \d+ of 100$/);
    assert.deepEqual(again.filter(({ type }) => type === "cached").map(({ stage }) => stage), ["make"]);
  });
}

Deno.test("one press of Ctrl-C that comes twice, from the terminal and from what started the run, is one", async () => {
  await using folder = await folderWithSpec();
  const slow = ["--set", "count=100", "--set", "milliseconds=20", "--json", ...PLACES];
  const child = startToy(folder.path, "run", "toy.json", ...slow);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let output = "";
  while (!/"type":"progress"/.test(output)) output += (await reader.read()).value;
  child.kill("SIGINT");
  child.kill("SIGINT");
  await reader.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assert.equal(code, 130);
  assert.match(stderr, /Interrupted\n\s+What is finished is kept/);
});

Deno.test("why tells what would run and what ran, with the parameter, before and after, long afterwards", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  for (const title of ["One", "Two", "Three"]) {
    await toy("run", spec, "--set", `title=${title}`, ...places);
  }
  const { stdout, code } = await toy("why", spec, "draw", "--set", "title=Four", places[0]);
  assert.equal(code, 0);
  const lines = stdout.trim().split("\n").map((line) => line.trim().replace(/^[\d-]+ [\d:]+/, "TIME"));
  assert.deepEqual(lines, [
    "draw",
    'now: would run: parameter title changed "Three" -> "Four"',
    "TIME ran, because it had never run",
    'TIME ran, because parameter title changed "One" -> "Two"',
    'TIME ran, because parameter title changed "Two" -> "Three"',
  ]);
  const all = await toy("why", spec, "--set", "title=Three", places[0]);
  assert.equal(all.stdout.match(/now: cached/g)?.length, 3);
});

Deno.test("verify finds the same bytes, and names the first difference where a stage made others", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  const before = await toy("verify", spec, places[0]);
  assert.equal(before.code, 1);
  assert.match(before.stderr, /no result of stage make\n\s+Run it first: deno task run \S*\/toy\.json/);
  await toy("run", spec, ...places);
  const same = await toy("verify", spec, places[0]);
  assert.equal(same.code, 0, same.stderr);
  assert.match(same.stdout, /Every stage made the same bytes again/);

  // A stage that once made other bytes under the same key: its record and blob are changed consistently.
  await forge(`${folder.path}/artifacts`, "draw", "index.html", "==Sum: 46\n");
  const other = await toy("verify", spec, places[0]);
  assert.match(other.stdout, /^draw\s+index\.html differs: line 1, column 9: "==Sum: 46" -> "==Sum: 45"$/m);
  assert.equal(other.code, 1);
});

async function forge(folder: string, stage: string, name: string, text: string): Promise<void> {
  const { seal, sha256, unseal } = await import("../pipeline/store/sealed.ts");
  for (const file of listFiles(`${folder}/ac`)) {
    const path = `${folder}/ac/${file}`;
    // deno-lint-ignore no-explicit-any
    const record = unseal(await Deno.readTextFile(path)) as any;
    if (record.stage !== stage) continue;
    const digest = sha256(text);
    await Deno.writeTextFile(`${folder}/cas/${digest}`, text);
    record.outputs[name] = { digest, size: text.length };
    await Deno.writeTextFile(path, seal(record));
  }
}

Deno.test("doctor heals what the next run then makes again; gc frees what a named spec does not need", async () => {
  await using folder = await toysHere();
  const { toy, spec, places } = folder;
  const [artifacts] = places;
  for (const title of ["One", "Two"]) {
    await toy("run", spec, "--set", `title=${title}`, ...places);
  }
  const blob = listFiles(`${folder.path}/artifacts/cas`).map((name) => `${folder.path}/artifacts/cas/${name}`)
    .find((path) => Deno.readTextFileSync(path) === "15")!;
  await Deno.chmod(blob, 0o644);
  await Deno.writeTextFile(blob, "51");
  const told = await toy("doctor", "--dry-run", artifacts);
  assert.equal(told.code, 1);
  assert.match(told.stdout, /its content is not what its name says/);
  assert.equal((await toy("doctor", artifacts)).code, 0);
  assert.match((await toy("doctor", artifacts)).stdout, /is whole/);
  const mended = await toy("run", spec, "--set", "title=Two", ...places);
  assert.match(mended.stdout, /2 stages executed, 1 cached/); // and what was derived from the damage
  await toy("run", spec, "--set", "title=One", ...places);

  const keep = [spec, "--set", "title=Two", artifacts];
  const shown = await toy("gc", ...keep);
  assert.match(shown.stdout, /^draw .*\n(.|\n)*Would free 1 result/);
  assert.match((await toy("gc", ...keep, "--yes")).stdout, /Freed 1 result/);
  const dry = async (title: string) =>
    (await toy("run", spec, "--dry-run", "--set", `title=${title}`, ...places)).stdout;
  assert.equal((await dry("Two")).match(/cached/g)?.length, 3);
  assert.match(await dry("One"), /draw\s+would run/);
});
