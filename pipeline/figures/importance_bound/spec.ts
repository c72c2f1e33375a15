import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

const figure = moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url));

/** The importance-weighted bound on the likelihood by the number of samples. */
export const importanceBound = { of: { images: { figure }, music: { figure } } } satisfies FigureSpec;
