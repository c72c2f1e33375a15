import { z } from "zod";
import type { OwnModule } from "../../base/own_module.ts";
import { fileUrl } from "../../base/module_url.ts";
import { moduleFields } from "../../base/own_module.spec.ts";
import type { Json } from "../../base/json.ts";
import type { ArchitectureSpec, LayerShape, ModelBase } from "./architecture.ts";
import { modelFields } from "./model_fields.ts";

const schema = z.strictObject({
  architecture: z.literal("module"),
  ...moduleFields,
  ...modelFields,
});

/** What is found out of an architecture of the user's by looking at its module. */
export interface AboutArchitecture {
  readonly layers: readonly LayerShape[];
  /** Whether the decoder reads its own steps. */
  readonly isAutoregressive: boolean;
}

/**
 * A model whose architecture is a module of the user's.
 *
 * @example
 * ```ts
 * import type { OwnModel } from "reparam";
 * import { z } from "zod";
 *
 * export const options = z.strictObject({ width: z.int().min(1).default(64) });
 * type Model = OwnModel<z.output<typeof options>>;
 *
 * export const widthOf = ({ options }: Model) => options.width;
 * ```
 */
export interface OwnModel<Options extends object = Readonly<Record<string, Json>>> extends ModelBase {
  /** What the spec says under `model.options`, as the module's `options` reads it. */
  readonly options: Options;
}

/** The spec part of an architecture that stands in a module of the user's. */
export const own = { schema };

/** A model of the user's in a spec, with what is known of its module once that was looked at. */
export type OwnArchitectureSpec = OwnModule & { readonly about?: AboutArchitecture | undefined };

/** The variant that a module of the user's is. */
export function ownArchitecture({ module, about }: OwnArchitectureSpec): ArchitectureSpec {
  return {
    schema,
    module: fileUrl(module),
    describeLayers: () => [...about?.layers ?? []],
    problems: () => [],
    fillDefaults: (model) => model,
    isAutoregressive: () => about?.isAutoregressive ?? false,
    weightLayouts: [
      "Weights lie as the module's operations take them: of tf.matMul [in, out], of tf.conv2d [height, width, in, out].",
    ],
  };
}
