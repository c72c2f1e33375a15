import { formatUserError, UserError } from "../base/errors.ts";
import type { RunEvent } from "../graph/events.ts";
import type { Workflow } from "../graph/plan.ts";
import type { PaperRun } from "../report/paper/parts.ts";
import { onDisk, writeAtomically } from "../store/disk.ts";
import { storedOutcome } from "./candidates.ts";
import {
  absolute,
  type Arguments,
  badUsage,
  type Command,
  type Project,
  settingsOf,
  SPEC_OPTIONS,
} from "./command.ts";
import { openDisplay } from "./display.ts";
import { publish } from "./publish.ts";
import { reportsFolder, SESSION_OPTIONS, voices, withSession } from "./session.ts";
import { duration, plural } from "./words.ts";

export const command: Command = {
  usage: "deno task paper [OPTIONS]",
  summary: "Makes every figure of the paper again, with its numbers beside ours: reports/paper/.",
  positionals: [0, 0],
  options: {
    mirror: {
      type: "string",
      value: "DIR|URL",
      help:
        "Where the lute files are: a folder, or the address of a server. Default: their own site; where it " +
        "cannot be reached, piano music takes their place.",
    },
    markdown: { type: "boolean", help: "Print the side-by-side table as Markdown on stdout, for a README." },
    engine: SPEC_OPTIONS.engine,
    ...SESSION_OPTIONS,
  },
  examples: ["deno task paper", "deno task paper --mirror ../lute-files"],
  execute: paper,
};

/** A run and what sets it apart from the others of its part. */
interface Planned<Spec extends { readonly name: string }> {
  readonly part: string;
  readonly label: string;
  readonly workflow: Workflow<Spec>;
}

async function paper<Spec extends { readonly name: string }>(
  values: Arguments,
  project: Project<Spec>,
  signal: AbortSignal,
): Promise<number> {
  const clock = performance.now();
  const { parts, folder: specs, luteParts, standIn, render } = await project.paper();
  const { print } = voices(values);
  const say = values.has("json") || values.has("markdown") ? console.error : console.log;
  const folder = `${reportsFolder(values, project.root)}/paper`;
  const mirror = values.value("mirror");
  const settings = await settingsOf(values);
  const plan = async (part: string, overrides: readonly string[]): Promise<Planned<Spec>[]> => {
    const file = `${specs}/${parts[part]}`;
    const planned = (label: string, spec: Spec) => ({
      part,
      label,
      workflow: { name: spec.name, spec, settings },
    });
    if (!await project.isSweep(file)) return [planned("", (await project.load(file, overrides)).spec)];
    const { cells } = await project.loadSweep(file, overrides);
    return cells.map(({ coordinates, spec }) =>
      planned(coordinates.map(({ value }) => String(value)).join(", "), spec)
    );
  };

  let executed = 0;
  const display = openDisplay(true);
  const options = {
    display,
    onEvent: (event: RunEvent) => {
      if (event.type === "finished") executed++;
      print(event);
    },
  };
  return await withSession(values, project, signal, options, async ({ store, runner, anotherRunner }) => {
    // Downloading alone tells whether the files can be had, before anything takes long.
    const downloads = anotherRunner(runner.planner.declarations.slice(0, 1));
    let lute = mirror === undefined ? [] : [sourceOverride(mirror)];
    let reason: string | undefined;
    try {
      const [first] = await plan(luteParts[0]!, lute);
      await downloads.run(first!.workflow);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UserError) || mirror !== undefined) throw error;
      reason = error.message;
      lute = [...standIn];
      say(`note: ${formatUserError(error)}`);
      say("note: The music half runs on piano music in its place. Give the files with --mirror DIR|URL.");
    }

    const planned = (await Promise.all(
      Object.keys(parts).map((part) => plan(part, luteParts.includes(part) ? lute : [])),
    )).flat();
    const results = await Promise.allSettled(planned.map(({ workflow }) => runner.run(workflow)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
    display.end();

    const runs: Record<string, PaperRun<Spec>[]> = {};
    for (const [i, { part, label, workflow: { spec } }] of planned.entries()) {
      const stages = (results[i] as PromiseFulfilledResult<Awaited<ReturnType<typeof runner.run>>>).value;
      const place = `runs/${spec.name}`;
      await publish(store, stages.get(project.reportStage)!.record, `${folder}/${place}`, signal);
      const outcome = storedOutcome(store, stages, `${place}/index.html`);
      if (outcome.status === "done") (runs[part] ??= []).push({ label, spec, outcome });
    }
    const { html, markdown } = await render({ runs, standIn: reason });
    await onDisk(`Cannot write the page ${folder}`, () => {
      Deno.mkdirSync(folder, { recursive: true });
      writeAtomically(`${folder}/index.html`, html, `${folder}/.index.html-${crypto.randomUUID()}`);
    });
    const seconds = (performance.now() - clock) / 1000;
    print({ type: "summary", runs: planned.length, executed, seconds });
    print({ type: "paper", path: `${folder}/index.html` });
    say(`${plural(planned.length, "run")}, ${plural(executed, "stage")} executed, in ${duration(seconds)}.`);
    if (values.has("markdown")) console.log(markdown);
    say(`The paper: ${folder}/index.html`);
    return 0;
  });
}

function sourceOverride(mirror: string): string {
  if (mirror === "") {
    throw badUsage(
      "Cannot use --mirror: it is empty",
      "Give a folder, or an address that begins with https://",
    );
  }
  const source = /^https?:\/\//.test(mirror)
    ? { type: "https", mirrors: [mirror] }
    : { type: "folder", path: absolute(mirror, mirror) };
  return `dataset.source=${JSON.stringify(source)}`;
}
