/** Why Slurm lets a job wait that will run, by the reasons that `squeue` gives. */
const REASONS: readonly (readonly [RegExp, words: string])[] = [
  [/^Resources$/, "until nodes have room for it"],
  [/^Priority$/, "behind jobs of higher priority"],
  [/^BeginTime$/, "until Slurm lets it begin anew"],
  [/^JobArrayTaskLimit$/, "until fewer tasks of its array run"],
  [/^(QOS|Assoc|MaxJobs|MaxCpu|MaxMem|Users?)\w*/, "until you have less at work: a limit of your account"],
  [/^(ReqNodeNotAvail|Nodes_required)/, "for nodes that are down or reserved"],
  [/^Partition(Down|Inactive)$/, "until its partition is opened"],
  [/^Reservation/, "until a reservation ends"],
  [/^Licenses$/, "for a licence"],
  [/^JobHeldUser$/, "until you release it"],
  [/^JobHeldAdmin$/, "until an administrator releases it"],
  [/^(Dependency|Cleaning|Prolog)$/, "until what goes before has ended"],
];

/** Slurm's reason for a job to wait in words, with its own in brackets. */
export function waitInWords(reason: string): string {
  const words = REASONS.find(([pattern]) => pattern.test(reason))?.[1];
  return words === undefined ? reason : `${words} (${reason})`;
}
