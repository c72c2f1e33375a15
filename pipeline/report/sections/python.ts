import { sizeOf } from "../../base/shape.ts";
import { shape } from "../../base/words.ts";
import type { ReportData } from "../data.ts";
import { type Markup, markup } from "../markup.ts";

/** The section with a script that opens the model and its arrays, and what it must know of their axes. */
export function pythonSection({ spec, words, dataset, downloads }: ReportData): Markup {
  if (!downloads.some(({ path }) => path === "model/decoder.onnx")) {
    return markup`<p>The model has an operation that is not exported as ONNX. <code>model/weights.safetensors</code> has
its weights, float32 by name. ${words.weightLayouts.join(" ")}</p>`;
  }
  const { model: { latentSize, conditional } } = spec;
  const { readsPast, weightLayouts, standardNormalPrior } = words;
  const size = sizeOf(dataset.shape);
  const inputs = `{"z": z${readsPast ? ', "x": x' : ""}${conditional ? ', "y": y' : ""}}`;
  const classes = dataset.classes.length;
  const code = [
    "# In the folder of this page, after: pip install numpy onnxruntime safetensors",
    "import numpy as np",
    "import onnxruntime as ort",
    "from safetensors.numpy import load_file",
    "",
    `posterior = np.load("arrays/posterior.npy")  # [test examples, 2, ${latentSize}]: mean, log variance`,
    `z = posterior[:8, 0]`,
    ...(readsPast
      ? [`x = np.zeros((8, ${size}), np.float32)  # the example so far: each step reads the one before`]
      : []),
    ...(conditional
      ? [
        `labels = np.load("arrays/test-labels.npy")[:8]`,
        `y = np.eye(${classes}, dtype=np.float32)[labels]  # [8, ${classes}]: the class of each, one-hot`,
      ]
      : []),
    `decoder = ort.InferenceSession("model/decoder.onnx")`,
    `(mean,) = decoder.run(["mean"], ${inputs})  # [8, ${size}], of p(x|z)`,
    `examples = mean.reshape(-1, ${dataset.shape.join(", ")})`,
    "",
    `encoder = ort.InferenceSession("model/encoder.onnx")  # reads values between 0 and 1`,
    `z_mean, z_log_variance = encoder.run(["mean", "logVariance"], {"x": mean${
      conditional ? ', "y": y' : ""
    }})  # [8, ${latentSize}] each`,
    "",
    ...(standardNormalPrior ? [] : [
      `prior = ort.InferenceSession("model/prior.onnx")  # makes codes of random numbers`,
      `random = np.random.default_rng(1)`,
      `noise, choice = random.standard_normal((8, ${latentSize}), np.float32), random.random((8, 1), np.float32)`,
      `(z,) = prior.run(["z"], {"noise": noise, "choice": choice})  # [8, ${latentSize}], from p(z)`,
      "",
    ]),
    `weights = load_file("model/weights.safetensors")  # name -> float32 array`,
  ];
  return markup`<p>The networks run wherever ONNX does, in batches of any size; an example is ${size} values in a row, ${
    shape(dataset.shape)
  }, the last axis fastest.</p>
<pre><code>${code.join("\n")}</code></pre>
<p class="note">${weightLayouts.join(" ")}</p>`;
}
