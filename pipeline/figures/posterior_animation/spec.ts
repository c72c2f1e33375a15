import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";
import { scatterOptions } from "../latent_scatter/spec.ts";

const figure = moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url));

/** Posterior means of test examples at several epochs, one after the other. */
export const posteriorAnimation = {
  options: scatterOptions,
  of: { images: { figure }, music: { figure } },
} satisfies FigureSpec;
