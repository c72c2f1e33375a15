import type { Selection } from "../drawing/svg.ts";
import { CLASS_COLOURS, classColour } from "../drawing/theme.ts";

/** One group of a comparison as figures show it: the same name and colour in each. */
export interface Group {
  /** Its place in the comparison; the page knows it by this number. */
  readonly index: number;
  readonly name: string;
  /** Null where there are more groups than colours: drawn thin and grey. */
  readonly colour: string | null;
}

export const MOST_COLOURED = CLASS_COLOURS.length;

/**
 * Colours for groups; where there are more groups than colours, for those of the lowest rank.
 * @param ranks of each group, 0 for the one that matters most
 */
export function coloured(names: readonly string[], ranks: readonly number[]): Group[] {
  return names.map((name, i) => {
    const rank = names.length <= MOST_COLOURED ? i : ranks[i]!;
    return { index: i, name, colour: rank < MOST_COLOURED ? classColour(rank) : null };
  });
}

/** An element that holds all marks of a group. The page finds it by `data-group`, a reader by its `<title>`. */
export function groupElement(parent: Selection, { index, name, colour }: Group): Selection {
  const element = parent.append("g").attr("class", "group").attr("data-group", index)
    .attr("opacity", colour ? null : 0.3);
  element.append("title").text(name);
  return element as unknown as Selection;
}

/** In drawing order: grey ones first, so that they cover nothing. */
export function backToFront<G extends Group>(groups: readonly G[]): G[] {
  return [...groups.filter(({ colour }) => !colour), ...groups.filter(({ colour }) => colour)];
}

export function paint({ colour }: Group): string {
  return colour ?? "currentColor";
}
