import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

const figure = moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url));

/** Loss, its two terms and the KL weight over the epochs. */
export const learningCurves = { of: { images: { figure }, music: { figure } } } satisfies FigureSpec;
