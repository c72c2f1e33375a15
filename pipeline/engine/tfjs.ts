import * as tf from "@tensorflow/tfjs";

// The one place that silences tfjs's advice to install its Node.js binding. It is printed with the first
// tensor, so whoever makes tensors with the engine imports `tf` through this module or after it.
tf.enableProdMode();

export { tf };
