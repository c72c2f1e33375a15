import type { Problem } from "../base/problem.ts";
import type { FigureConditions } from "./figure_spec.ts";
import { FIGURE_NAMES, type FigureName, figureSpec, type FiguresSpec, type OwnFigures } from "./figures.ts";

/** How many test examples the options of the figures that are shown ask for, by the option. */
export function testExamples({ show, ...options }: FiguresSpec): [option: string, examples: number][] {
  return inOrder(show).flatMap((name) => Object.entries(figureSpec(name).testExamples?.(options) ?? {}));
}

/** What is wrong with the `figures` of a spec. */
export function figureProblems(
  { show, ...options }: FiguresSpec,
  spec: FigureConditions,
): Problem[] {
  const problems = show.flatMap((name, i): Problem[] => {
    const need = figureSpec(name).needs?.(spec);
    if (!need) return [];
    return [{
      path: ["figures", "show", i],
      message: `The figure "${name}" needs ${need.what}`,
      notes: [`Next: ${need.next}.`],
    }];
  });
  for (const name of inOrder(show)) problems.push(...figureSpec(name).problems?.(options, spec) ?? []);
  problems.push(...ownProblems(options));
  const twice = show.findIndex((name, i) => show.indexOf(name) < i);
  if (twice >= 0) {
    problems.push({
      path: ["figures", "show", twice],
      message: `The figure "${show[twice]}" is asked for twice`,
      notes: ["Next: leave one of the two out."],
    });
  }
  return problems;
}

/** Names of the user's figures are names of files. */
function ownProblems({ own = [] }: OwnFigures): Problem[] {
  const names = own.map(({ name }) => name);
  return names.flatMap((name, i): Problem[] => {
    const isTaken = FIGURE_NAMES.some((taken) => taken === name);
    if (!isTaken && names.indexOf(name) === i) return [];
    return [{
      path: ["figures", "own", i, "name"],
      message: `There is another figure of the name ${name}`,
      notes: ["Next: a name of its own, which its files will have."],
    }];
  });
}

/** Each figure that is shown once, in the order of all figures. */
function inOrder(show: readonly FigureName[]): FigureName[] {
  return FIGURE_NAMES.filter((name) => show.includes(name));
}
