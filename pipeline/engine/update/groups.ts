import type { Optimiser, VariableGroup } from "./rule.ts";

/** The loss of variables that are in no group of their own. */
export const LOSS = "loss";

/** The groups of some variables; without an optimiser's own they are one. @param names of all variables, in order */
export function groupsOf(
  { groups }: Pick<Optimiser, "groups">,
  names: readonly string[],
): readonly Required<VariableGroup>[] {
  return (groups ?? [{ loss: LOSS, variables: names }]).map(({ rate = 1, ...group }) => ({
    ...group,
    rate,
  }));
}

/** Refuses groups that are no partition of the variables. @throws {Error} which names a variable */
export function checkGroups(groups: readonly VariableGroup[], names: readonly string[]): void {
  const grouped = new Set<string>();
  for (const name of groups.flatMap(({ variables }) => variables)) {
    if (!names.includes(name)) {
      throw new Error(`Cannot train "${name}" in a group: there is no such variable`);
    }
    if (grouped.has(name)) throw new Error(`Cannot train "${name}" in two groups`);
    grouped.add(name);
  }
  const left = names.find((name) => !grouped.has(name));
  if (left !== undefined) throw new Error(`Cannot train "${left}": it is in no group`);
  for (const { loss, rate = 1 } of groups) {
    if (!(rate > 0)) {
      throw new RangeError(`Cannot train: the rate of the group of "${loss}" must be > 0: it is ${rate}`);
    }
  }
}
