import type { Provenance, StageProvenance } from "../../graph/stage.ts";
import type { InstalledPackage } from "../installed_package.ts";
import { CrateGraph, encodePath, type Entity, type Reference } from "./graph.ts";
import { type Installed, packageEntity, softwareEntity } from "./software.ts";

/** What a crate tells of a run. */
export interface CrateSource {
  readonly title: string;
  readonly description: string;
  readonly dataset: CrateDataset;
  /** The stages behind the report, in the order of the pipeline, and the report's own code. */
  readonly provenance: Provenance;
  /** All files of the bundle but the crate's own. */
  readonly files: readonly CrateFile[];
  /** Tells the licences of the packages that the stages need. */
  readonly installed: Installed;
}

/** What is known of the data; an empty text is not known. */
export interface CrateDataset {
  readonly title: string;
  readonly authors: readonly string[];
  readonly licence: { readonly name: string; readonly url: string };
  readonly url: string;
}

/** A file of the bundle. */
export interface CrateFile {
  readonly path: string;
  /** `stage/path` of the output that it is a copy of. */
  readonly input?: string;
  readonly what?: string;
  /** The packages that it holds code of. */
  readonly packages?: readonly InstalledPackage[];
}

const CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"];
const RO_CRATE = standard("https://w3id.org/ro/crate/1.1", "RO-Crate", "1.1");
const WORKFLOW_CRATE = standard(
  "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
  "Workflow RO-Crate",
  "1.0",
);
const PROCESS_RUN = standard("https://w3id.org/ro/wfrun/process/0.5", "Process Run Crate", "0.5");
const WORKFLOW_RUN = standard("https://w3id.org/ro/wfrun/workflow/0.5", "Workflow Run Crate", "0.5");

const WORKFLOW = "spec.json";
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  mid: "audio/midi",
  musicxml: "application/vnd.recordare.musicxml+xml",
  png: "image/png",
  svg: "image/svg+xml",
};

/**
 * `ro-crate-metadata.json` of a report: which stage made which file from what, when, and by which code. It follows
 * the Process and Workflow Run Crate profiles 0.5 (https://www.researchobject.org/workflow-run-crate/profiles/0.5/)
 * on RO-Crate 1.1. What is not known is left out: the bundle names no person who ran it.
 */
export function runCrate({ title, description, dataset, provenance, files, installed }: CrateSource): string {
  const { stages } = provenance;
  const graph = new CrateGraph();
  const outputs = new Map<string, OutputFacts>();
  for (const { record } of stages) {
    for (const [path, output] of Object.entries(record.outputs)) {
      outputs.set(`${record.stage}/${path}`, output);
    }
  }
  const parts = files.map((file) => ({
    file,
    entity: graph.add(fileEntity(graph, file, title, outputs.get(file.input ?? ""))),
  }));
  const copies = new Map(parts.map(({ file, entity }) => [file.input, entity]));
  /** An output is the bundle's file where it was copied there, else only a thing that was. */
  const outputEntity = (name: string): Reference =>
    copies.get(name) ??
      graph.add({
        "@id": `#${encodePath(name)}`,
        "@type": "CreativeWork",
        name,
        ...facts(outputs.get(name)),
      });

  const workflow = parts.find(({ file }) => file.path === WORKFLOW)?.entity;
  const results = parts.filter(({ entity }) => entity !== workflow);
  const data = graph.add(datasetEntity(graph, dataset));
  const starts = stages.map(({ record }) => record.started).sort();
  const ends = stages.map(endOf).sort();
  const runs = [
    graph.add({
      "@id": "#run",
      "@type": "CreateAction",
      name: `Run of ${title}`,
      instrument: workflow,
      startTime: starts[0],
      endTime: ends.at(-1),
      object: [data],
      result: results.map(({ entity }) => entity),
    }),
    ...stages.map((stage) => graph.add(stageRun(graph, stage, data, outputEntity, installed))),
    graph.add({
      // It is under way while this is written, so its times are not known.
      "@id": "#run-report",
      "@type": "CreateAction",
      name: "Stage report",
      instrument: graph.add(
        softwareEntity(graph, "report", { packages: provenance.code.packages, installed }),
      ),
      object: [...outputs.keys()].map(outputEntity),
      result: results.filter(({ file }) => file.input === undefined).map(({ entity }) => entity),
    }),
  ];
  const held = files.flatMap(({ packages = [] }) => packages);
  const root = { "@id": "./" };
  return graph.write(CONTEXT, [
    {
      "@id": "ro-crate-metadata.json",
      "@type": "CreativeWork",
      about: root,
      conformsTo: [RO_CRATE, WORKFLOW_CRATE].map((each) => graph.add(each)),
    },
    {
      ...root,
      "@type": "Dataset",
      name: title,
      description,
      license: graph.add(bundleLicence(dataset, held)),
      datePublished: ends.at(-1),
      conformsTo: [PROCESS_RUN, WORKFLOW_RUN, WORKFLOW_CRATE].map((each) => graph.add(each)),
      hasPart: parts.map(({ entity }) => entity),
      mainEntity: workflow,
      mentions: runs,
    },
  ]);
}

function standard(id: string, name: string, version: string): Entity {
  return { "@id": id, "@type": "CreativeWork", name, version };
}

function fileEntity(
  graph: CrateGraph,
  { path, what, packages = [] }: CrateFile,
  title: string,
  output: OutputFacts | undefined,
): Entity {
  const isWorkflow = path === WORKFLOW;
  return {
    "@id": encodePath(path),
    "@type": isWorkflow ? ["File", "SoftwareSourceCode", "ComputationalWorkflow"] : "File",
    name: isWorkflow ? title : path,
    description: what || undefined,
    encodingFormat: MEDIA_TYPES[path.slice(path.lastIndexOf(".") + 1)],
    programmingLanguage: isWorkflow
      ? graph.add({ "@id": "#reparam", "@type": "ComputerLanguage", name: "Reparam experiment" })
      : undefined,
    isBasedOn: packages.map((held) => graph.add(packageEntity(graph, held))),
    ...facts(output),
  };
}

function datasetEntity(graph: CrateGraph, { title, authors, licence, url }: CrateDataset): Entity {
  return {
    "@id": "#dataset",
    "@type": "Dataset",
    name: title,
    url: url || undefined,
    author: authors.map((name, i) => graph.add({ "@id": `#author-${i + 1}`, "@type": "Person", name })),
    license: graph.add({
      "@id": licence.url || "#dataset-licence",
      "@type": "CreativeWork",
      name: licence.name,
    }),
  };
}

/**
 * RO-Crate demands a licence of the whole, which nobody has chosen: this says what holds for its parts.
 * @param held the packages whose code is inside the page
 */
function bundleLicence({ title, licence }: CrateDataset, held: readonly InstalledPackage[]): Entity {
  const names = held.map(({ name, version }) => `${name} ${version}`).join(", ");
  return {
    "@id": "#licence",
    "@type": "CreativeWork",
    name: "Licences of the parts of this bundle",
    description: "No licence was chosen for this bundle as a whole. " +
      `Licence of the data, ${title}, of which it shows examples: ${licence.name}. ` +
      "Licence of Reparam, whose code and style are inside the page: MIT." +
      (names && ` The page also holds code of ${names}, whose licence texts are in it.`),
  };
}

/** The execution of one stage. @param data what a stage without inputs works on */
function stageRun(
  graph: CrateGraph,
  stage: StageProvenance,
  data: Reference,
  outputEntity: (name: string) => Reference,
  installed: Installed,
): Entity {
  const { record, manifest, code } = stage;
  const { processor, cores, os, architecture, deno } = record.machine;
  const machine = [processor, cores && `${cores} cores`, os, architecture].filter(Boolean).join(", ");
  const inputs = Object.keys(manifest.inputs);
  return {
    "@id": `#run-${record.stage}`,
    "@type": "CreateAction",
    name: `Stage ${record.stage}`,
    identifier: record.key,
    description: machine ? `On ${machine}` : undefined,
    instrument: graph.add(softwareEntity(graph, record.stage, {
      version: manifest.code,
      deno: typeof deno === "string" ? deno : undefined,
      packages: code.packages,
      installed,
    })),
    startTime: record.started,
    endTime: endOf(stage),
    object: inputs.length > 0 ? inputs.map(outputEntity) : [data],
    result: Object.keys(record.outputs).map((path) => outputEntity(`${record.stage}/${path}`)),
  };
}

function endOf({ record }: StageProvenance): string {
  return new Date(Date.parse(record.started) + record.seconds * 1000).toISOString();
}

type OutputFacts = StageProvenance["record"]["outputs"][string];

function facts(output: OutputFacts | undefined) {
  return { contentSize: output && String(output.size), sha256: output?.digest };
}
