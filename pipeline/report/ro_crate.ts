import { ROCrate } from "ro-crate";
import type { Provenance, StageProvenance } from "../graph/stage.ts";

export interface CrateSource {
  readonly title: string;
  readonly description: string;
  readonly dataset: {
    readonly title: string;
    readonly authors?: readonly string[] | undefined;
    readonly licence?: { readonly name: string; readonly url: string } | undefined;
    readonly url?: string | undefined;
  };
  /** The stages behind the report, in the order of the pipeline. */
  readonly provenance: Provenance;
  /** All files of the bundle but the crate's own, by path. */
  readonly files: readonly CrateFile[];
}

export interface CrateFile {
  readonly path: string;
  /** `stage/path` of the output that it is a copy of. */
  readonly input?: string;
  readonly what?: string;
}

interface Entity {
  readonly "@id": string;
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
}

const CRATE = "https://w3id.org/ro/crate/1.1";
const PROFILES = [
  { "@id": "https://w3id.org/ro/wfrun/process/0.5", name: "Process Run Crate" },
  { "@id": "https://w3id.org/ro/wfrun/workflow/0.5", name: "Workflow Run Crate" },
];
const WORKFLOW = "spec.json";
const DATASET = "#dataset";
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  mid: "audio/midi",
  png: "image/png",
  svg: "image/svg+xml",
};

/**
 * `ro-crate-metadata.json` of a report: which stage made which file from what, when, and by which code. It follows
 * the Process and Workflow Run Crate profiles 0.5 (https://www.researchobject.org/workflow-run-crate/profiles/0.5/)
 * on RO-Crate 1.1. What is not known is left out: the bundle names no licence of its own and no person.
 */
export function runCrate({ title, description, dataset, provenance, files }: CrateSource): string {
  const { stages } = provenance;
  const outputs = new Map<string, { digest: string; size: number }>();
  for (const { record } of stages) {
    for (const [path, output] of Object.entries(record.outputs)) {
      outputs.set(`${record.stage}/${path}`, output);
    }
  }
  const pathOf = new Map(files.flatMap(({ input, path }) => input === undefined ? [] : [[input, path]]));
  /** An output is the bundle's file where it was copied there, else only a thing that was. */
  const idOf = (output: string) => encodeURI(pathOf.get(output) ?? `#${output}`);

  const entities: Entity[] = files.map(({ path, input, what }) => ({
    "@id": encodeURI(path),
    "@type": path === WORKFLOW ? ["File", "SoftwareSourceCode", "ComputationalWorkflow"] : "File",
    name: path === WORKFLOW ? title : path,
    ...(what ? { description: what } : {}),
    ...mediaType(path),
    ...(path === WORKFLOW ? { programmingLanguage: ref("#reparam") } : {}),
    ...facts(input === undefined ? undefined : outputs.get(input)),
  }));
  for (const [output, known] of outputs) {
    if (!pathOf.has(output)) {
      entities.push({ "@id": idOf(output), "@type": "CreativeWork", name: output, ...facts(known) });
    }
  }
  for (const stage of stages) entities.push(...describeStage(stage, idOf));

  const ends = stages.map(endOf).sort();
  const starts = stages.map(({ record }) => record.started).sort();
  entities.push(
    { "@id": "#reparam", "@type": "ComputerLanguage", name: "Reparam experiment" },
    {
      "@id": "#run",
      "@type": "CreateAction",
      name: `Run of ${title}`,
      instrument: ref(WORKFLOW),
      ...(starts.length > 0 ? { startTime: starts[0], endTime: ends.at(-1) } : {}),
      object: [ref(DATASET)],
      result: files.filter(({ path }) => path !== WORKFLOW).map(({ path }) => ref(encodeURI(path))),
    },
    ...describeDataset(dataset),
    ...PROFILES.map((profile) => ({ ...profile, "@type": "CreativeWork", version: "0.5" })),
  );

  const crate = new ROCrate({
    "@context": [`${CRATE}/context`, "https://w3id.org/ro/terms/workflow-run/context"],
    "@graph": [
      {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        about: ref("./"),
        conformsTo: ref(CRATE),
      },
      {
        "@id": "./",
        "@type": "Dataset",
        name: title,
        description,
        ...(ends.length > 0 ? { datePublished: ends.at(-1) } : {}),
        conformsTo: PROFILES.map((profile) => ref(profile["@id"])),
        hasPart: files.map(({ path }) => ref(encodeURI(path))),
        mainEntity: ref(WORKFLOW),
        mentions: [ref("#run"), ...stages.map(({ record }) => ref(`#run-${record.stage}`))],
      },
    ],
  });
  for (const entity of merged(entities)) crate.addEntity(entity);
  return JSON.stringify(crate, null, 2) + "\n";
}

function describeDataset({ title, authors = [], licence, url }: CrateSource["dataset"]): Entity[] {
  const people = authors.map((name) => ({ "@id": `#${encodeURIComponent(name)}`, "@type": "Person", name }));
  return [
    {
      "@id": DATASET,
      "@type": "Dataset",
      name: title,
      ...(url === undefined ? {} : { url }),
      ...(people.length > 0 ? { author: people.map((person) => ref(person["@id"])) } : {}),
      ...(licence ? { license: ref(licence.url) } : {}),
    },
    ...people,
    ...(licence ? [{ "@id": licence.url, "@type": "CreativeWork", name: licence.name }] : []),
  ];
}

function describeStage(
  { record, manifest, code }: StageProvenance,
  idOf: (output: string) => string,
): Entity[] {
  const { stage } = record;
  const { processor, cores, os, architecture, deno } = record.machine;
  const machine = [processor, cores && `${cores} cores`, os, architecture].filter(Boolean).join(", ");
  const packages = Object.entries(code.packages).flatMap(([name, versions]) =>
    versions.split(", ").map((version) => ({
      name,
      version,
      id: `pkg:npm/${encodeURI(name)}@${encodeURI(version)}`,
    }))
  );
  const runtime = typeof deno === "string" ? [{ name: "Deno", version: deno, id: `#deno-${deno}` }] : [];
  const requirements = [...runtime, ...packages];
  const inputs = Object.keys(manifest.inputs).map((input) => ref(idOf(input)));
  return [
    {
      "@id": `#run-${stage}`,
      "@type": "CreateAction",
      name: `Stage ${stage}`,
      identifier: record.key,
      instrument: ref(`#stage-${stage}`),
      startTime: record.started,
      endTime: endOf({ record }),
      ...(machine ? { description: `On ${machine}` } : {}),
      object: inputs.length > 0 ? inputs : [ref(DATASET)],
      result: Object.keys(record.outputs).map((path) => ref(idOf(`${stage}/${path}`))),
    },
    {
      "@id": `#stage-${stage}`,
      "@type": "SoftwareApplication",
      name: `Reparam ${stage}`,
      softwareVersion: manifest.code,
      ...(requirements.length > 0 ? { softwareRequirements: requirements.map(({ id }) => ref(id)) } : {}),
    },
    ...requirements.map(({ id, name, version }) => ({
      "@id": id,
      "@type": "SoftwareApplication",
      name,
      softwareVersion: version,
    })),
  ];
}

function endOf({ record }: Pick<StageProvenance, "record">): string {
  return new Date(Date.parse(record.started) + record.seconds * 1000).toISOString();
}

function facts(output: { digest: string; size: number } | undefined) {
  return output ? { contentSize: String(output.size), sha256: output.digest } : {};
}

function mediaType(path: string) {
  const type = MEDIA_TYPES[path.slice(path.lastIndexOf(".") + 1)];
  return type === undefined ? {} : { encodingFormat: type };
}

function ref(id: string) {
  return { "@id": id };
}

/** One entity for each identifier: several stages need the same package. */
function merged(entities: readonly Entity[]): Iterable<Entity> {
  return new Map(entities.map((entity) => [entity["@id"], entity])).values();
}
