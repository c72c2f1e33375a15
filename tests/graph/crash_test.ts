import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { examine } from "../../pipeline/store/doctor.ts";
import { Store } from "../../pipeline/store/store.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { ROOT } from "./toy_project.ts";
import { outputText, runToys } from "./toy_store.ts";

/** `deno task torture` asks for ten times as many. */
const KILLS = Number(Deno.env.get("KILLS") ?? 15);
const SPEC = { name: "toy", count: 15, milliseconds: 5, modulus: 1000, title: "Sum" };

/** A run in a process group of its own, so that all of it can be killed at once. */
function startRun(folder: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      `--config=${ROOT}/deno.json`,
      new URL("../commands/toy_main.ts", import.meta.url).pathname,
      "run",
      `${folder}/toy.json`,
      `--artifacts=${folder}/artifacts`,
      `--reports=${folder}/reports`,
      ...args,
    ],
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test(`killed ${KILLS} times at random moments, a run goes on each time and ends in the same bytes`, async () => {
  await using reference = await temporaryFolder();
  const straight = await runToys(reference.path, [SPEC]);
  const page = await outputText(reference.path, straight, "draw", "index.html");

  const random = randomStream(1, "kills");
  // Longer as longer runs are seen, so that kills fall on every moment.
  let [kills, finishes, longest] = [0, 0, 600];
  while (kills < KILLS) {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/toy.json`, JSON.stringify(SPEC));
    // On a busy machine none may come to its end before it is killed.
    for (let latest = longest;; latest *= 1.1) {
      const started = performance.now();
      const child = startRun(folder.path);
      // Now and then the runner alone: its worker is left behind, and must not get in the next run's way.
      const victim = random.uniform() < 0.3 ? child.pid : -child.pid;
      const timer = setTimeout(() => kill(victim), random.uniform() * latest);
      const { success, code, signal, stderr } = await child.output();
      clearTimeout(timer);
      if (success) {
        longest = Math.max(longest, performance.now() - started);
        break;
      }
      assert.equal(signal, "SIGKILL", `exit ${code}: ${new TextDecoder().decode(stderr)}`);
      kills++;
      await assertSound(folder.path, page);
    }
    finishes++;
    assert.equal(await Deno.readTextFile(`${folder.path}/reports/toy/index.html`), page);
    const { results, executed } = await runToys(`${folder.path}/artifacts`, [SPEC]);
    assert.deepEqual(executed, []);
    for (const [stage, { record }] of results) {
      assert.deepEqual(record.outputs, straight.results.get(stage)!.record.outputs);
    }
    assert.deepEqual([...Deno.readDirSync(`${folder.path}/reports`)].map(({ name }) => name), ["toy"]);
  }
  console.log(`${kills} kills, ${finishes} runs brought to their end`);
});

/** Kills a process or a group, unless it has ended a moment ago. */
function kill(victim: number): void {
  try {
    Deno.kill(victim, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Nothing partial is visible: every blob and record is whole, and a report is absent or complete. */
async function assertSound(folder: string, page: string): Promise<void> {
  using store = await Store.openAlone(`${folder}/artifacts`);
  const findings = await examine(store, () => {}, new AbortController().signal);
  const damage = findings.filter(({ path }) => !/^(work|tmp|locks)\//.test(path));
  // A line of history may be cut short; it is passed over.
  assert.deepEqual(damage.filter(({ path }) => !path.startsWith("history/")).map(({ path }) => path), []);
  try {
    assert.equal(await Deno.readTextFile(`${folder}/reports/toy/index.html`), page);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

Deno.test("of eight processes started together each stage is run by one; the others wait, say for whom, and hit", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/toy.json`, JSON.stringify({ ...SPEC, milliseconds: 40 }));
  const children = Array.from({ length: 8 }, () => startRun(folder.path, "--json"));
  const outputs = await Promise.all(children.map((child) => child.output()));
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.deepEqual(
    outputs.map(({ code }) => code),
    Array(8).fill(0),
    decode(outputs.find((o) => o.code !== 0)?.stderr ?? new Uint8Array()),
  );
  const events = outputs.flatMap(({ stdout }) =>
    decode(stdout).trim().split("\n").map((line) => JSON.parse(line))
  );
  for (const stage of ["make", "sum", "draw"]) {
    const count = (type: string) =>
      events.filter((event) => event.type === type && event.stage === stage).length;
    assert.deepEqual([stage, count("finished"), count("cached")], [stage, 1, 7]);
  }
  const waits = events.filter((event) => event.type === "waiting" && event.pid !== null);
  assert(waits.length > 0, "nobody waited");
  for (const { pid, since } of waits) {
    assert(children.some((child) => child.pid === pid), `${pid} is none of the eight`);
    assert(Math.abs(Date.parse(since) - Date.now()) < 60_000);
  }
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/artifacts/locks`)], []);
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/artifacts/work`)], []);
});
