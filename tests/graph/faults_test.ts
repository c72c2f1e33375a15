import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { examine } from "../../pipeline/store/doctor.ts";
import { Store } from "../../pipeline/store/store.ts";
import { here } from "../commands/here.ts";
import { TOY_PROJECT, TOY_VERBS } from "../commands/toy_project.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { ROOT } from "./toy_project.ts";
import { outputText, runToys } from "./toy_store.ts";

/** `deno task torture` asks for ten times as many. */
const FAULTS = Number(Deno.env.get("FAULTS") ?? 12);
const SPEC = { name: "toy", count: 5, milliseconds: 0, modulus: 1000, title: "Sum" };
/** Calls that change the disk or read it, and how they fail on disks that are full, broken or read-only. */
const CALLS = [
  "write",
  "pwrite64",
  "openat",
  "rename",
  "mkdir",
  "fsync",
  "chmod",
  "unlink",
  "read",
  "ftruncate",
];
const ERRORS = ["ENOSPC", "EIO", "EROFS", "EACCES"];

const hasStrace = await new Deno.Command("strace", { args: ["-V"], stdout: "null", stderr: "null" }).output()
  .then(({ success }) => success, () => false);

/** A way in which calls to the system fail. */
interface Fault {
  readonly call: string;
  readonly error: string;
  /** The number of the call; from there on with a "+": a disk that is full, or one that is about to break. */
  readonly when: string;
}

const commandLine = (folder: string) => [
  "run",
  `${folder}/toy.json`,
  `--artifacts=${folder}/artifacts`,
  `--reports=${folder}/reports`,
];

/** Runs the toys with calls to the system failing. @returns whether they came to their end */
async function run(folder: string, fault: Fault): Promise<boolean> {
  const command = [
    ...straceFor(folder, fault),
    ...[Deno.execPath(), "run", "-A", `--config=${ROOT}/deno.json`],
    ...[new URL("../commands/toy_main.ts", import.meta.url).pathname, ...commandLine(folder)],
  ];
  const { success, code, stderr } = await new Deno.Command(command[0]!, {
    args: command.slice(1),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr);
  // Who may write nothing any more, to no file and no terminal, cannot say so.
  const isMute = fault.call === "write" && fault.when.endsWith("+");
  assert(success || isMute || said !== "", `exit ${code} without a word, at ${JSON.stringify(fault)}`);
  return success;
}

/** Only the calls that may fail are stopped at: to look at all makes a run take five times as long. */
function straceFor(folder: string, { call, error, when }: Fault): string[] {
  const inject = `inject=${call}:error=${error}:when=${when}`;
  const strace = [..."strace -f -qq -o /dev/null --seccomp-bpf -e".split(" "), `trace=${call}`, "-e", inject];
  if (call !== "openat" && call !== "read") return strace;
  // Programs are read by these, too: only files of the run are to fail.
  const places = ["cas", "ac", "tmp", "history", "work", "locks"].map((name) => `/artifacts/${name}`);
  return [...strace, ...["", "/artifacts", "/reports", ...places].flatMap((path) => ["-P", folder + path])];
}

Deno.test({
  name:
    `${FAULTS} calls to the system that fail in the middle of runs leave nothing false, and the next run ends well`,
  ignore: !hasStrace,
  async fn() {
    await using reference = await temporaryFolder();
    const straight = await runToys(reference.path, [SPEC]);
    const page = await outputText(reference.path, straight, "draw", "index.html");
    const random = randomStream(1, "faults");
    const pick = <T>(list: readonly T[]) => list[random.integer(list.length)]!;
    let failures = 0;
    for (let i = 0; i < FAULTS; i++) {
      await using folder = await temporaryFolder();
      await Deno.writeTextFile(`${folder.path}/toy.json`, JSON.stringify(SPEC));
      await Deno.mkdir(`${folder.path}/artifacts`);
      await Deno.mkdir(`${folder.path}/reports/toy`, { recursive: true });
      await Deno.writeTextFile(`${folder.path}/reports/toy/notes.md`, "important");
      const [call, error] = [pick(CALLS), pick(ERRORS)];
      const from = 1 + random.integer(call === "openat" || call === "read" ? 200 : 40);
      const fault = { call, error, when: random.uniform() < 0.5 ? `${from}+` : `${from}` };
      const words = JSON.stringify(fault);
      if (!await run(folder.path, fault)) failures++;

      {
        using store = await Store.openAlone(`${folder.path}/artifacts`);
        const findings = await examine(store, () => {}, new AbortController().signal);
        const damage = findings.map(({ path }) => path).filter((path) =>
          !/^(work|tmp|locks|history)\//.test(path)
        );
        assert.deepEqual(damage, [], words);
      }
      const healed = await runToys(`${folder.path}/artifacts`, [SPEC]);
      for (const [stage, { record }] of healed.results) {
        assert.deepEqual(record.outputs, straight.results.get(stage)!.record.outputs, words);
      }
      assert.equal((await here(commandLine(folder.path), TOY_PROJECT, TOY_VERBS)).code, 0, words);
      assert.equal(await Deno.readTextFile(`${folder.path}/reports/toy/index.html`), page);
      assert.equal(await Deno.readTextFile(`${folder.path}/reports/toy/notes.md`), "important");
    }
    console.log(`${FAULTS} faults, ${failures} runs broken off`);
  },
});
