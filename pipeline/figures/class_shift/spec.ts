import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

/** Music of one class moved to another by what sets the two apart in latent space. */
export const classShift = {
  of: {
    music: { figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)) },
  },
  comparesClasses: true,
} satisfies FigureSpec;
