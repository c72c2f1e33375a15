import { findReports } from "../session/reports.ts";
import { liveRuns } from "../session/live.ts";
import { type Address, refusal, tokenCookie } from "./access.ts";
import { fileBelow } from "./files.ts";
import { OVERVIEW } from "./page.ts";
import { NUMBER_NAMES, numbersIn } from "./numbers.ts";
import { type GraphNode, liveOverview } from "./state.ts";

/** What is served. */
export interface Served {
  /** The folder of all reports. */
  readonly reports: string;
  /** The store's folder. */
  readonly store: string;
  /** The stages, in order. */
  readonly stages: readonly GraphNode[];
}

/** The page's scripts. The browser asks for what one imports by the same relative path, seen from the root. */
const SCRIPTS: Readonly<Record<string, URL>> = {
  "/overview.js": new URL("./overview.js", import.meta.url),
  "/live.js": new URL("./live.js", import.meta.url),
  "/graph.js": new URL("./graph.js", import.meta.url),
  "/report/dom.js": new URL("../../report/dom.js", import.meta.url),
};
const STYLES = [
  new URL("../../report/style.css", import.meta.url),
  new URL("./overview.css", import.meta.url),
];

/** What stands on every answer. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

const OWN_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * What a page among the reports may do: it loads nothing, as ours say themselves, and reads no other by this server. It
 * may be shown beside another by the overview, and by nobody else.
 */
const REPORT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; worker-src blob:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Answers requests for the overview and for the files of reports. */
export function handler(served: Served, address: () => Address): (request: Request) => Promise<Response> {
  return async (request) => {
    const refused = refusal(request, address());
    const answer = refused
      ? new Response(`${refused.why}\n`, {
        status: refused.status,
        headers: { "content-type": "text/plain" },
      })
      : await route(request, served);
    for (const [name, value] of Object.entries(HEADERS)) answer.headers.set(name, value);
    const cookie = refused ? undefined : tokenCookie(request, address());
    if (cookie !== undefined) answer.headers.set("set-cookie", cookie);
    return answer;
  };
}

async function route(request: Request, { reports, store, stages }: Served): Promise<Response> {
  const { pathname } = new URL(request.url);
  const own = (body: string, type: string) =>
    new Response(body, { headers: { "content-type": type, "content-security-policy": OWN_POLICY } });
  const script = Object.hasOwn(SCRIPTS, pathname) ? SCRIPTS[pathname] : undefined;
  if (script) return own(await Deno.readTextFile(script), "text/javascript; charset=utf-8");
  switch (pathname) {
    case "/":
      return own(OVERVIEW, "text/html; charset=utf-8");
    case "/overview.css":
      return own(
        (await Promise.all(STYLES.map((url) => Deno.readTextFile(url)))).join("\n"),
        "text/css; charset=utf-8",
      );
    case "/api/reports":
      return own(JSON.stringify(listed(reports)), "application/json");
    case "/api/live":
      return own(JSON.stringify(liveOverview(liveRuns(store), stages)), "application/json");
  }
  const found = pathname.startsWith("/reports/")
    ? await fileBelow(reports, pathname.slice("/reports/".length).replace(/(^|\/)$/, "$1index.html"))
    : undefined;
  if (!found) {
    return new Response("There is no such file.\n", {
      status: 404,
      headers: { "content-type": "text/plain" },
    });
  }
  const headers = {
    "content-type": found.type,
    "content-length": String(found.bytes),
    "content-security-policy": found.type.startsWith("text/html")
      ? REPORT_POLICY
      : "sandbox; default-src 'none'",
  };
  if (request.method === "HEAD") {
    found.file.close();
    return new Response(null, { headers });
  }
  return new Response(found.file.readable, { headers });
}

/** All reports with their numbers, and what these are called. */
function listed(folder: string) {
  const { runs, sweeps, pages } = findReports(folder);
  return {
    columns: NUMBER_NAMES,
    runs: runs.map((run) => ({ ...run, numbers: numbersIn(`${folder}/${run.name}`) })),
    sweeps,
    pages,
  };
}
