import { moduleUrl } from "../../base/module_url.ts";
import { type FigureSpec, studied } from "../figure_spec.ts";

/** How sharp generated images are, how like the data they are, and what it takes to get one of a class. */
export const sampleQuality = {
  of: {
    images: studied({
      figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)),
      study: moduleUrl<typeof import("./study.ts")>(new URL("./study.ts", import.meta.url)),
    }),
  },
  ignoresClasses: true,
  classifies: true,
} satisfies FigureSpec;
