import { badUsage } from "../line/arguments.ts";
import type { Arguments } from "../line/arguments.ts";
import { REPORTS_OPTION, reportsFolder, STORE_OPTION, storeFolder } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Verb } from "../line/verb.ts";
import { type Address, addressInWords, isLoopback } from "./access.ts";
import { upstream } from "../../graph/plan.ts";
import { handler } from "./server.ts";

const PORT = 8327;

export const verb: Verb = {
  usage: "deno task serve [OPTIONS]",
  summary: "Show all reports, and runs that are going on, on a local page.",
  details:
    "Only this machine can see the page. With another --host everybody who has its address, which holds a\n" +
    "token, can. Nothing but the folder of reports is served, and nothing is changed.",
  positionals: [0, 0],
  options: {
    port: { type: "string", value: "N", help: `Default: ${PORT}, or another one where that is taken` },
    host: { type: "string", value: "HOST", help: "Listen there, too, for others. Default: 127.0.0.1" },
    ...STORE_OPTION,
    ...REPORTS_OPTION,
  },
  examples: ["deno task serve", "deno task serve --host 0.0.0.0 --port 9000"],
  execute: serve,
};

async function serve(values: Arguments, project: Project, signal: AbortSignal): Promise<number> {
  const hostname = values.value("host") ?? "127.0.0.1";
  const served = {
    reports: reportsFolder(values, project.root),
    store: storeFolder(values, project.root),
    stages: (await project.declarations()).map((stage) => ({ name: stage.name, after: upstream(stage) })),
  };
  const token = isLoopback(hostname) ? undefined : crypto.randomUUID().replaceAll("-", "");
  const wanted = values.count("port", 1);
  let address: Address = { host: hostname, port: 0, token };
  const listen = (port: number) =>
    Deno.serve({ hostname, port, signal, onListen: () => {} }, handler(served, () => address));
  const server = open(listen, wanted, hostname);
  address = { ...address, port: server.addr.port };
  console.log(`${addressInWords(address)}\nCtrl-C ends it.`);
  await server.finished;
  return 0;
}

/** Listens at the port that is asked for; where none is, at the usual one or any that is free. */
function open<Server>(listen: (port: number) => Server, wanted: number | undefined, host: string): Server {
  try {
    return listen(wanted ?? PORT);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) {
      throw badUsage(`Cannot listen at ${host}: ${error instanceof Error ? error.message : error}`);
    }
    if (wanted !== undefined) {
      throw badUsage(
        `Cannot listen at port ${wanted}: another program does`,
        "Next: leave --port out, or name another.",
      );
    }
    return listen(0);
  }
}
