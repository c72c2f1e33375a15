import { moduleUrl } from "../../base/module_url.ts";
import { type FigureSpec, studied } from "../figure_spec.ts";

/** Noise taken away from test images. */
export const denoising = {
  of: {
    images: studied({
      figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)),
      study: moduleUrl<typeof import("./study.ts")>(new URL("./study.ts", import.meta.url)),
    }),
  },
  needs: ({ training }) =>
    training.inputNoise === undefined
      ? { what: "training.inputNoise, which is not given", next: '"inputNoise": 0.5 in training' }
      : undefined,
  ignoresClasses: true,
} satisfies FigureSpec;
