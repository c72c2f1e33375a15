import { moduleUrl } from "../../base/module_url.ts";
import { type FigureSpec, studied } from "../figure_spec.ts";

/** How well classes are told from codes where few examples have a label. */
export const fewLabels = {
  of: {
    images: studied({
      figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)),
      study: moduleUrl<typeof import("./study.ts")>(new URL("./study.ts", import.meta.url)),
    }),
  },
  comparesClasses: true,
} satisfies FigureSpec;
