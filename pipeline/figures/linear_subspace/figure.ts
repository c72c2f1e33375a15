import { count, percent, plural } from "../../base/words.ts";
import { stackedRows, studyRows } from "../drawing/study_rows.ts";
import type { Drawn, NotDrawn } from "../figure.ts";
import type { ImageFigureData } from "../kinds.ts";
import type { Measured } from "../study.ts";
import { drawLinearSubspace } from "./draw.ts";
import type { LinearSubspaceMetrics } from "./study.ts";

/** Draws the principal angles between reconstructions and PCA. */
export function draw(data: ImageFigureData<unknown, Measured<LinearSubspaceMetrics>>): Drawn | NotDrawn {
  const { study: { metrics, pictures } } = data;
  const { examples, components, dimensions, within, captured, angles, halvesAngles, randomAngles } = metrics;
  if (dimensions === 0 || within === null) return { reason: "All reconstructions are the same." };
  const rows = studyRows([{ label: ["PCA"] }, { label: ["recon-", "structions"] }], data);
  const title = "The subspace of the reconstructions, and PCA's";
  const range = (values: readonly number[]) => `${values[0]!.toFixed(1)} to ${values.at(-1)!.toFixed(1)}`;
  const alt =
    `Principal angles between the span of ${plural(components, "principal component")} and that of the ` +
    `reconstructions: ${range(angles)} degrees. PCA of one half of the examples and of the other: ${
      range(halvesAngles)
    }. A random subspace: ${range(randomAngles)}.`;
  const caption =
    `${alt} At 0 a direction is in both, at 90 the other does not know it. The reconstructions' subspace ` +
    `holds ${
      percent(captured)
    } of the variance that PCA's holds, which is the most that any can. Of what the ` +
    `reconstructions of ${count(examples)} training ${data.nouns.many} vary, ${percent(within)} is in ${
      plural(dimensions, "dimension")
    }: all of it where the decoder is linear. Above: PCA's components, and what is nearest to each in the other subspace.`;
  return {
    title,
    caption,
    alt,
    svg: drawLinearSubspace({ rows, angles, halvesAngles, randomAngles }, { title, description: alt }),
    picture: stackedRows(rows, pictures.columns),
  };
}
