import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

/** The manifold at several epochs, one after the other. */
export const manifoldAnimation = {
  of: {
    images: { figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)) },
  },
  needs: ({ training }) =>
    training.manifoldSnapshots === undefined
      ? {
        what: "training.manifoldSnapshots, which is not given",
        next: '"manifoldSnapshots": 10 in training',
      }
      : undefined,
  ignoresClasses: true,
} satisfies FigureSpec;
