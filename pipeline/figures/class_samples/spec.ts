import { moduleUrl } from "../../base/module_url.ts";
import { type FigureSpec, studied } from "../figure_spec.ts";

/** What the decoder makes of samples from where the codes of each class lie. */
export const classSamples = {
  of: {
    images: studied({
      figure: moduleUrl<typeof import("./images.ts")>(new URL("./images.ts", import.meta.url)),
      study: moduleUrl<typeof import("./study.ts")>(new URL("./study.ts", import.meta.url)),
    }),
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
  comparesClasses: true,
} satisfies FigureSpec;
