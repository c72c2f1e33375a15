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

/** The most groups that have a colour each. */
export const MOST_COLOURED = CLASS_COLOURS.length;

/**
 * Gives colours to groups; where there are more groups than colours, to those of the lowest rank.
 *
 * @param ranks a rank for each group, 0 for the one that matters most
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

/** The groups in drawing order: grey ones first, so that they cover nothing. */
export function backToFront<G extends Group>(groups: readonly G[]): G[] {
  return [...groups.filter(({ colour }) => !colour), ...groups.filter(({ colour }) => colour)];
}

/** The colour that a group's marks are drawn in. */
export function paint({ colour }: Group): string {
  return colour ?? "currentColor";
}
