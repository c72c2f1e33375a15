import { moduleUrl } from "../../base/module_url.ts";
import { type FigureSpec, studied } from "../figure_spec.ts";

/** The lower half of test images, made from the upper one. */
export const completion = {
  of: {
    images: studied({
      figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)),
      study: moduleUrl<typeof import("./study.ts")>(new URL("./study.ts", import.meta.url)),
    }),
  },
  needs: ({ likelihood: { title, exponentialFamily } }) =>
    exponentialFamily ? undefined : {
      what:
        `a likelihood that is an exponential family in x, to infer z from half an image: ${title} is none`,
      next: "leave it out of figures.show",
    },
  comparesClasses: true,
  ignoresClasses: true,
} satisfies FigureSpec;
