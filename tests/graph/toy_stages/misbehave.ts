import { UserError } from "../../../pipeline/base/errors.ts";
import type { StageContext } from "../../../pipeline/graph/stage.ts";

/** Goes wrong in the way it is told. */
export async function run(context: StageContext<{ how: string; target: string }>): Promise<void> {
  const { how, target } = context.slice;
  console.log("printed before the end");
  switch (how) {
    case "read":
      await Deno.readTextFile(target);
      return;
    case "write":
      await Deno.writeTextFile(target, "intruder");
      return;
    case "connect":
      await Deno.connect({ hostname: "127.0.0.1", port: Number(target) });
      return;
    case "run":
      await new Deno.Command(target).output();
      return;
    case "import":
      await import(target);
      return;
    case "memory":
      Deno.systemMemoryInfo();
      return;
    case "escape":
      context.output(target);
      return;
    case "user-error":
      throw new UserError("The toy is broken", { notes: ["Mend it."] });
    case "defect":
      await Deno.writeTextFile(context.output("half.txt"), "half");
      throw new RangeError("off by one");
    case "exit":
      console.error("about to leave");
      Deno.exit(7);
  }
}
