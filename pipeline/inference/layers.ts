import type { Shape } from "../base/shape.ts";
import { UnknownOperation } from "../engine/trace/unknown.ts";
import { calledOperations, type TracedOperation, tracedOperations } from "../engine/trace/uses.ts";
import type { LayerShape, ModelBase } from "../vae/architectures/architecture.ts";
import type { Parameters } from "../engine/engine.ts";
import { ACTIVATION_NAMES } from "../vae/activation_names.ts";
import { sizeOf } from "../base/shape.ts";
import { classInput } from "./conditions.ts";
import { type ModelModules, outputsOfDecoder, type Vae } from "../vae/vae.ts";

/** What tfjs calls the operations that a layer may end in, and how a diagram writes them. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  Relu: ACTIVATION_NAMES.relu,
  Tanh: ACTIVATION_NAMES.tanh,
  Sigmoid: ACTIVATION_NAMES.sigmoid,
  Elu: ACTIVATION_NAMES.elu,
  Softplus: ACTIVATION_NAMES.softplus,
  LeakyRelu: "leaky ReLU",
  Selu: "SELU",
};
/** What tfjs calls the operations that make a layer what it is: its kind, and how a diagram writes it. */
const KINDS: Readonly<Record<string, { readonly kind: string; readonly title: string }>> = {
  BatchMatMul: { kind: "dense", title: "dense" },
  Conv2D: { kind: "conv", title: "conv" },
  Conv2DBackpropInput: { kind: "transposed-conv", title: "convᵀ" },
  DepthwiseConv2dNative: { kind: "depthwise-conv", title: "depthwise conv" },
  GatherV2: { kind: "embedding", title: "embedding" },
};
/** No layer's own size is mistaken for a number of examples. */
const EXAMPLES = 1009;
/** The same where they are computed. */
const FEW_EXAMPLES = 37;

/**
 * The layers of a model: as its architecture describes them or, where that says nothing, as they are found by tracing
 * which operation reads which variable. All variables of one layer begin with its name: `encoder/conv1/kernel`.
 */
export function layersOf(
  { architecture, likelihood }: ModelModules,
  model: ModelBase,
  inputShape: Shape,
  vae: Vae,
  parameters: Pick<Parameters, "get">,
): LayerShape[] {
  const described = vae.classes > 0
    ? undefined // an architecture knows nothing of the classes beside its values
    : architecture.describeLayers?.(model, inputShape, outputsOfDecoder(likelihood, model));
  if (described) return described;
  try {
    return foundLayers(vae, sizeOf(inputShape), parameters, EXAMPLES, tracedOperations);
  } catch (error) {
    if (!(error instanceof UnknownOperation)) throw error;
    return foundLayers(vae, sizeOf(inputShape), parameters, FEW_EXAMPLES, calledOperations);
  }
}

/** The layers of a model, found by listening to encoder and decoder. @param size values of an example */
function foundLayers(
  vae: Vae,
  size: number,
  parameters: Pick<Parameters, "get">,
  examples: number,
  operationsOf: typeof tracedOperations,
): LayerShape[] {
  const variables = {
    variables: vae.variables,
    latest: (name: string) => parameters.get(name),
    isTransposed: () => false,
  };
  const x: Shape = [examples, size];
  const told = classInput(vae, examples);
  const operations = [
    ...operationsOf(variables, { x, ...told }, ({ x, y }) => ({ ...vae.given(y).encode(x!) })),
    ...operationsOf(
      variables,
      { z: [examples, vae.latentSize], ...(vae.autoregression ? { x } : {}), ...told },
      ({ z, x, y }) => ({ output: vae.given(y).decode(z!, x) }),
    ),
  ];
  const order = new Set(operations.flatMap(({ variables }) => variables.map(layerName)));
  for (const { name } of vae.variables) order.add(layerName(name)); // what neither half reads: a likelihood's
  return [...order].map((name) => layerShape(name, vae, operations, examples));
}

function layerShape(
  name: string,
  vae: Vae,
  operations: readonly TracedOperation[],
  examples: number,
): LayerShape {
  const own = operations.filter(({ variables }) =>
    variables.some((variable) => layerName(variable) === name)
  );
  const main = own.find(({ kernel }) => Object.hasOwn(KINDS, kernel)) ?? own[0];
  const last = own.at(-1);
  const variables = vae.variables.filter((variable) => layerName(variable.name) === name);
  const parameters = variables.reduce((sum, { size }) => sum + size, 0);
  if (!main || !last) return { name, kind: "variable", title: "variable", input: [], output: [], parameters };
  const kernel = variables.find(({ rank }) => rank === 4);
  const { kind, title } = KINDS[main.kernel] ??
    { kind: main.kernel.toLowerCase(), title: main.kernel.toLowerCase() };
  const [stride] = [main.attributes.strides ?? 1].flat() as number[];
  const activation = ACTIVATIONS[following(last, operations)?.kernel ?? ""] ?? "linear";
  return {
    name,
    kind,
    title: `${title}${kernel ? ` ${kernel.shape[0]}×${kernel.shape[1]}` : ""}${
      stride! > 1 ? ` /${stride}` : ""
    }, ${activation}`,
    input: ofOneExample(main.input, examples),
    output: ofOneExample(last.output, examples),
    parameters,
  };
}

/** The operation that works with what another gives, in whatever shape. */
function following(
  { result }: TracedOperation,
  operations: readonly TracedOperation[],
): TracedOperation | undefined {
  const next = operations.find(({ operand }) => operand === result);
  return next?.kernel === "Reshape" ? following(next, operations) : next;
}

/** All but the last name of a variable. */
function layerName(variable: string): string {
  const slash = variable.lastIndexOf("/");
  return slash < 0 ? variable : variable.slice(0, slash);
}

/** The shape without its batch axis, which rows of an example may have been folded into. */
function ofOneExample([first, ...rest]: Shape, examples: number): Shape {
  if (first === undefined || first % examples > 0) return first === undefined ? [] : [first, ...rest];
  return first === examples ? rest : [first / examples, ...rest];
}
