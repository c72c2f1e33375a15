import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

const figure = moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url));

/** The layers of encoder and decoder as a diagram. */
export const architecture = { of: { images: { figure }, music: { figure } } } satisfies FigureSpec;
