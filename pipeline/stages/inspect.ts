import { z } from "zod";
import { writeArtifact } from "../artifacts/artifact.ts";
import { type Inspection, INSPECTION_JSON, type OptionsOf } from "../artifacts/inspection_json.ts";
import { UserError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { jsonSchemaOf } from "../base/json_schema.ts";
import {
  changeModules,
  lastName,
  type ModulePlace,
  modulePlaces,
  type OwnFigure,
  type OwnModule,
} from "../base/own_module.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { traceStep } from "../engine/trace/trace.ts";
import { UnknownOperation } from "../engine/trace/unknown.ts";
import { stepWithZeros } from "../engine/trace/zeros.ts";
import type { tf } from "../engine/tfjs.ts";
import type { StageContext } from "../graph/stage.ts";
import { classInput } from "../inference/conditions.ts";
import { layersOf } from "../inference/layers.ts";
import { exportNetworks } from "../inference/networks.ts";
import { withArticle } from "../base/words.ts";
import type { FigureModule } from "../figures/figure.ts";
import type { OwnDatasetModule } from "../kinds/own_dataset.ts";
import type { ArchitectureModule, ModelBase } from "../vae/architectures/architecture.ts";
import { elboTerms, gameOf, trainingLoss } from "../vae/elbo.ts";
import type { LikelihoodModule, OwnLikelihoodWords } from "../vae/likelihoods/likelihood.ts";
import type { PriorModule } from "../vae/priors/prior.ts";
import type { ObjectiveBase, ObjectiveModule } from "../vae/objectives/objective.ts";
import { createVae, outputsOfDecoder, type Vae } from "../vae/vae.ts";

/** The part of a spec that the user's modules are looked at with. */
export interface InspectSlice {
  readonly model: ModelBase;
  readonly objective: ObjectiveBase;
  /** The shape of one example. */
  readonly shape: Shape;
  /** Whether the engine that is to train calls tfjs itself: then a model that cannot be traced is tried with zeros. */
  readonly callsTfjs?: true;
  /** Where it is a module of the user's. */
  readonly dataset?: OwnModule;
  /** Those of the user's. */
  readonly figures?: { readonly own: readonly OwnFigure[] };
}

/** What a module of the user's may export beside the code of its variant. */
interface OwnExports {
  readonly options?: z.ZodType<Record<string, Json>>;
}

/** The variants that training is made of, and the user's data and figures, which are looked at and not run. */
export interface InspectRoles extends Readonly<Record<`figure/${string}`, FigureModule & OwnExports>> {
  readonly dataset: OwnDatasetModule & OwnExports;
  readonly architecture: ArchitectureModule & OwnExports;
  readonly likelihood: LikelihoodModule & OwnExports & { readonly about?: Partial<OwnLikelihoodWords> };
  readonly prior: PriorModule;
  readonly objective: ObjectiveModule & OwnExports;
}

type Context = StageContext<InspectSlice, null, InspectRoles>;
type Tried = Pick<InspectSlice, "model" | "objective">;
type Training = Pick<InspectRoles, "architecture" | "likelihood" | "prior" | "objective">;

/** Functions that a module must export to have a role. */
const EXPORTS = {
  dataset: ["readExamples"],
  figure: ["draw"],
  architecture: ["createEncoder", "createDecoder"],
  likelihood: ["createLikelihood"],
  objective: ["createObjective"],
} as const;

/** Examples in the batch that a model is tried with: nothing is computed. */
const EXAMPLES = 1009;
/** The same where tfjs computes. */
const FEW_EXAMPLES = 37;
/** Classes that a conditional model is tried with; how many the data have is known when they are read. */
const CLASSES = 3;

/**
 * Looks at the modules of the user's that a spec names, before anything else is done: whether their options are what
 * they ask for, whether their shapes fit the data, and whether the engine knows their operations.
 */
export async function run(context: Context): Promise<void> {
  const { shape: _shape, ...given } = context.slice;
  const own = new Map<string, OwnExports>();
  for (const { role } of modulePlaces(given)) own.set(role, await context.load(role));
  const modules = {
    architecture: await context.load("architecture"),
    likelihood: await context.load("likelihood"),
    prior: await context.load("prior"),
    objective: await context.load("objective"),
  };
  const options: Record<string, OptionsOf> = {};
  const names: Record<string, string> = {};
  const spec = changeModules<Tried>(given, (part, { role }) => {
    requireExports(own.get(role)!, part.module, role);
    const read = options[role] = readOptions(own.get(role)!, part);
    names[role] = part.module;
    return { ...part, options: "value" in read ? read.value : {} };
  });
  const isRight = Object.values(options).every((read) => "value" in read);
  const inspection: Inspection = {
    options,
    ...(isRight ? { about: aboutAll(spec, context.slice, modules, names) } : {}),
  };
  await writeArtifact(context, INSPECTION_JSON, inspection);
}

function requireExports(module: object, file: string, role: ModulePlace["role"]): void {
  const what = role.split("/")[0] as keyof typeof EXPORTS;
  const missing = EXPORTS[what].find((name) =>
    typeof (module as Record<string, unknown>)[name] !== "function"
  );
  if (missing === undefined) return;
  const wanted = EXPORTS[what].join(" and ");
  throw new UserError(
    `Cannot use ${lastName(file)} as ${withArticle(what)}: it exports no function ${missing}`,
    {
      notes: [`Next: export ${wanted} (docs/own-model.md).`],
    },
  );
}

/** What a module's own schema makes of the options that a spec gives it. */
function readOptions({ options = z.strictObject({}) }: OwnExports, { options: given }: OwnModule): OptionsOf {
  const { data, error } = options.safeParse(given);
  if (!error) return { value: data };
  return JSON.parse(JSON.stringify({ issues: error.issues, schema: jsonSchemaOf(options) }));
}

/** What is to be known of each of the user's modules, by its role. */
function aboutAll(
  spec: Tried,
  tried: Pick<InspectSlice, "shape" | "callsTfjs">,
  modules: Training,
  names: Readonly<Record<string, string>>,
): NonNullable<Inspection["about"]> {
  const { model, objective } = spec;
  const architecture = tryModel(spec, tried, modules);
  const about: Readonly<Record<string, object>> = {
    architecture,
    likelihood: aboutLikelihood(model, modules.likelihood, names.likelihood ?? ""),
    objective: { words: withOptions(lastName(names.objective ?? ""), objective) },
  };
  return Object.fromEntries(Object.entries(about).filter(([role]) => names[role] !== undefined));
}

function aboutLikelihood({ likelihood }: ModelBase, module: InspectRoles["likelihood"], file: string) {
  const { title = lastName(file), output = "values", binary = false, density = true } = module.about ?? {};
  return {
    title,
    binary,
    density,
    traits: {
      output,
      outputsPerValue: module.outputsPerValue?.(likelihood) ?? 1,
      exponentialFamily: module.exponentialFamily !== undefined,
    },
    words: withOptions(title, likelihood),
  };
}

/** A module's title with its options: "Laplace, scale 0.2". */
function withOptions(title: string, part: object): string {
  const { options = {} } = part as Partial<OwnModule>;
  return [title, ...Object.entries(options).map(([name, value]) => `${name} ${JSON.stringify(value)}`)].join(
    ", ",
  );
}

/** Builds the model and tries all that is going to be asked of it. @throws {UserError} where it does not do it */
function tryModel(
  { model, objective: goal }: Tried,
  { shape, callsTfjs }: Pick<InspectSlice, "shape" | "callsTfjs">,
  modules: Training,
) {
  const size = sizeOf(shape);
  const vae = attempt("build the model", () => createVae(model, shape, 0, modules, CLASSES));
  checkNames(vae);
  // Once traced, a variable's values are where it is said that they are.
  const values = new Map(vae.variables.map((one) => [one.name, one.dataSync() as Float32Array]));
  const parameters = { variables: vae.variables, get: (name: string) => values.get(name)! };
  const variables = { variables: vae.variables, latest: parameters.get, isTransposed: () => false };
  const objective = attempt("make the objective", () => modules.objective.createObjective(goal));
  const { samples, adversary } = objective;
  const discriminator = adversary && attempt("make the discriminator", () =>
    adversary.createDiscriminator({
      seed: 0,
      model,
      inputShape: shape,
      architecture: modules.architecture,
    }));
  const train = (examples: number, run: typeof stepWithZeros) => {
    const inputs = {
      x: [examples, size],
      noise: [examples, samples * vae.latentSize],
      z: [examples, vae.latentSize],
      ...(vae.autoregression ? { teacherInput: [examples, size] } : {}),
      ...classInput(vae, examples),
      klWeight: [],
    };
    run(variables, inputs, ({ x, noise, z, teacherInput, y, klWeight }) => {
      const told = vae.given(y);
      expectShape("The posterior's mean", told.encode(x!).mean, [examples, vae.latentSize], examples);
      const outputs = outputsOfDecoder(modules.likelihood, model);
      const output = told.decode(z!, teacherInput);
      expectShape("The decoder's output", output, [examples, outputs * size], examples);
      const terms = elboTerms(told, x!, noise!, { samples, teacherInput });
      expectShape("The likelihood's losses", terms.reconstruction, [examples * samples], examples);
      const further = { klWeight: klWeight!, freeBits: 0, trainingExamples: examples };
      const codes = objective.drawsFromPrior ? { priorCodes: z! } : {};
      const game = discriminator
        ? { game: gameOf(told, discriminator, { x: x!, z: terms.z, priorCodes: z! }) }
        : {};
      const step = trainingLoss(objective, { ...terms, ...further, ...codes, ...game });
      expectShape("The objective's loss", step.loss, [], examples);
      return step;
    });
  };
  const unlessCalled = (what: string, body: () => void, otherwise: () => void) =>
    attempt(what, () => {
      try {
        body();
      } catch (error) {
        if (!(callsTfjs && error instanceof UnknownOperation)) throw error;
        otherwise();
      }
    });
  unlessCalled(
    `train the model on examples of ${size} values`,
    () => train(EXAMPLES, traceStep),
    () => train(FEW_EXAMPLES, stepWithZeros),
  );
  unlessCalled("export the model as ONNX", () => exportNetworks(parameters, vae, shape), () => {});
  const layers = layersOf(modules, model, shape, vae, parameters);
  vae.dispose();
  discriminator?.variables.forEach((variable) => variable.dispose());
  return { layers, isAutoregressive: vae.autoregression !== undefined };
}

/** The diagram has two halves, and shows a layer in the one that its name says. */
function checkNames({ variables }: Vae): void {
  const wrong = variables.find(({ name }) => !/^(encoder|decoder|prior)\/./.test(name));
  if (!wrong) return;
  throw new UserError(
    `A variable cannot be named ${wrong.name}: its name must begin with encoder/ or decoder/`,
  );
}

function expectShape(what: string, { shape }: tf.Tensor, expected: Shape, examples: number): void {
  if (String(shape) === String(expected)) return;
  const side = (side: number) =>
    side % examples > 0 ? side : side === examples ? "n" : `${side / examples} n`;
  const written = (sides: Shape) => `[${sides.map(side).join(", ")}]`;
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
