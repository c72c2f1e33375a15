/** The activations that a spec can name, and how a figure writes them. */
export const ACTIVATION_NAMES = {
  relu: "ReLU",
  tanh: "tanh",
  sigmoid: "sigmoid",
  elu: "ELU",
  softplus: "softplus",
  linear: "linear",
} as const;

/** An activation that a spec can name. */
export type Activation = keyof typeof ACTIVATION_NAMES;
