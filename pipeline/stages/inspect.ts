import { z } from "zod";
import { writeArtifact } from "../artifacts/artifact.ts";
import { type Inspection, INSPECTION_JSON, type OptionsOf } from "../artifacts/inspection_json.ts";
import { UserError } from "../base/errors.ts";
import { jsonSchemaOf } from "../base/json_schema.ts";
import { isOwn, moduleName, type OwnModule } from "../base/own_module.ts";
import type { Shape } from "../base/shape.ts";
import { sizeOf } from "../base/shape.ts";
import { traceStep } from "../engine/trace/trace.ts";
import type { tf } from "../engine/tfjs.ts";
import type { StageContext } from "../graph/stage.ts";
import { layersOf } from "../inference/layers.ts";
import { exportNetworks } from "../inference/networks.ts";
import type { ArchitectureModule, ModelBase } from "../vae/architectures/architecture.ts";
import { elboTerms, trainingLoss } from "../vae/elbo.ts";
import type { LikelihoodModule } from "../vae/likelihoods/likelihood.ts";
import type { PriorModule } from "../vae/priors/prior.ts";
import type { ObjectiveBase, ObjectiveModule } from "../vae/objectives/objective.ts";
import { createVae, outputsOfDecoder } from "../vae/vae.ts";

/** The part of a spec that the user's modules are looked at with. */
export interface InspectSlice {
  readonly model: ModelBase;
  readonly objective: ObjectiveBase;
  /** The shape of one example. */
  readonly shape: Shape;
}

/** What a module of the user's may export beside the code of its variant. */
interface OwnExports {
  readonly options?: z.ZodType<Record<string, z.core.util.JSONType>>;
}

/** The variants that a model is made of. */
export interface InspectRoles {
  readonly architecture: ArchitectureModule & OwnExports;
  readonly likelihood: LikelihoodModule & OwnExports;
  readonly prior: PriorModule;
  readonly objective: ObjectiveModule & OwnExports;
}

type Context = StageContext<InspectSlice, null, InspectRoles>;

/** Examples in the batch that a model is tried with: nothing is computed. */
const EXAMPLES = 1009;

/**
 * Looks at the modules of the user's that a spec names, before anything else is done: whether their options are what
 * they ask for, whether their shapes fit the data, and whether the engine knows their operations.
 */
export async function run(context: Context): Promise<void> {
  const { model, objective, shape } = context.slice;
  const modules = {
    architecture: await context.load("architecture"),
    likelihood: await context.load("likelihood"),
    prior: await context.load("prior"),
    objective: await context.load("objective"),
  };
  const options: Record<string, OptionsOf> = {};
  if (isOwn(model)) options.architecture = readOptions(modules.architecture, model);
  const inspection: Inspection = { options };
  if (Object.values(options).every((read) => "value" in read)) {
    const own = isOwn(model) ? { ...model, options: valueOf(options.architecture!) } : model;
    Object.assign(inspection, { architecture: tryModel(own, objective, shape, modules) });
  }
  await writeArtifact(context, INSPECTION_JSON, inspection);
}

function valueOf(read: OptionsOf) {
  return "value" in read ? read.value : {};
}

/** What a module's own schema makes of the options that a spec gives it. */
function readOptions({ options = z.strictObject({}) }: OwnExports, { options: given }: OwnModule): OptionsOf {
  const { data, error } = options.safeParse(given);
  if (!error) return { value: data };
  return JSON.parse(JSON.stringify({ issues: error.issues, schema: jsonSchemaOf(options) }));
}

/** Builds the model and traces all that is going to be asked of it. @throws {UserError} where it does not do it */
function tryModel(
  model: ModelBase,
  objectiveSpec: ObjectiveBase,
  shape: Shape,
  modules: InspectRoles,
): Inspection["architecture"] {
  const name = isOwn(model) ? moduleName(model) : model.architecture;
  const size = sizeOf(shape);
  for (const part of ["createEncoder", "createDecoder"] as const) {
    if (typeof modules.architecture[part] !== "function") {
      throw new UserError(`Cannot use ${name} as an architecture: it exports no function ${part}`, {
        notes: ["An architecture exports createEncoder and createDecoder: docs/own-model.md."],
      });
    }
  }
  const vae = attempt("build the model", () => createVae(model, shape, 0, modules));
  // Once traced, a variable's values are where it is said that they are.
  const values = new Map(
    vae.variables.map((variable) => [variable.name, variable.dataSync() as Float32Array]),
  );
  const parameters = { variables: vae.variables, get: (name: string) => values.get(name)! };
  const variables = { variables: vae.variables, latest: parameters.get, isTransposed: () => false };
  const objective = modules.objective.createObjective(objectiveSpec);
  const inputs = {
    x: [EXAMPLES, size],
    noise: [EXAMPLES, objective.samples * vae.latentSize],
    z: [EXAMPLES, vae.latentSize],
    ...(vae.autoregression ? { teacherInput: [EXAMPLES, size] } : {}),
    klWeight: [],
  };
  attempt(
    `train the model on examples of ${size} values`,
    () =>
      traceStep(variables, inputs, ({ x, noise, z, teacherInput, klWeight }) => {
        const { mean } = vae.encode(x!);
        expectShape("The encoder's hidden values", mean, [EXAMPLES, vae.latentSize]);
        const output = vae.decode(z!, teacherInput);
        expectShape("The decoder's output", output, [
          EXAMPLES,
          outputsOfDecoder(modules.likelihood, model) * size,
        ]);
        const terms = elboTerms(vae, x!, noise!, { samples: objective.samples, teacherInput });
        return trainingLoss(objective, {
          ...terms,
          klWeight: klWeight!,
          freeBits: 0,
          trainingExamples: EXAMPLES,
        });
      }),
  );
  attempt("export the model as ONNX", () => exportNetworks(parameters, vae, size));
  return {
    layers: layersOf(modules, model, shape, vae, parameters),
    isAutoregressive: vae.autoregression !== undefined,
  };
}

function expectShape(what: string, { shape }: tf.Tensor, expected: Shape): void {
  if (String(shape) === String(expected)) return;
  const written = (sides: Shape) => `[${["n", ...sides.slice(1)].join(", ")}]`;
  throw new UserError(`${what} must be ${written(expected)}: it is ${written(shape)}`);
}

/** Says of an error what was attempted, and keeps where it was thrown. */
function attempt<Value>(what: string, body: () => Value): Value {
  try {
    return body();
  } catch (error) {
    if (error instanceof Error && !(error instanceof UserError)) {
      error.message = `Cannot ${what}: ${error.message}`;
    }
    throw error;
  }
}
