import { moduleUrl } from "../../base/module_url.ts";
import { type FigureSpec, studied } from "../figure_spec.ts";

/** What vectors of an attribute or a class do to examples when they are added to their codes. */
export const attributes = {
  of: {
    images: studied({
      figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)),
      study: moduleUrl<typeof import("./study.ts")>(new URL("./study.ts", import.meta.url)),
    }),
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
  comparesClasses: true,
  ignoresClasses: true,
} satisfies FigureSpec;
