import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

const figure = moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url));

/** How many nats each latent dimension carries. */
export const klPerDimension = { of: { images: { figure }, music: { figure } } } satisfies FigureSpec;
