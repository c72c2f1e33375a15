import assert from "node:assert/strict";
import { draw } from "../../../pipeline/figures/architecture/figure.ts";
import type { FigureData } from "../../../pipeline/figures/figure.ts";

Deno.test("the parameters in all are those of the report: what likelihood and prior learn is among them", () => {
  const layer = (name: string, parameters: number) => ({
    name,
    kind: "dense",
    title: "dense",
    output: [2],
    parameters,
  });
  const drawn = (parameters: number) =>
    draw(
      {
        model: { architecture: "dense", latentSize: 2 },
        likelihood: { title: "Gaussian", output: "means" },
        layers: ["encoder/mean", "encoder/logVariance", "decoder/output"].map((name) => layer(name, 1000)),
        parameters,
        info: { shape: [28, 28] },
      } as unknown as FigureData,
    );
  assert.match(drawn(3000).caption, /all together 3,000\.$/);
  assert.match(drawn(3784).caption, /all together 3,784, of which the likelihood or the prior learns 784\.$/);
  assert.match(drawn(3784).svg, />2 latent dimensions · 3,784 parameters in all</);
});
