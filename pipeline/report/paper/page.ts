import { nats, percent, plural } from "../../base/words.ts";
import { contents, renderDocument } from "../document.ts";
import type { Verdict } from "../data.ts";
import { verdictList } from "../verdict.ts";
import { externalLink, fileLink, type Markup, markup } from "../markup.ts";
import { errata } from "./errata.ts";
import { motion, paperFigures } from "./figures.ts";
import { genres, listening, weaknesses } from "./music.ts";
import { STAND_IN } from "./parts.ts";
import { claims, countVerdicts } from "./claims/claims.ts";
import type { PaperPage } from "./results.ts";
import { studies } from "./studies.ts";
import { endValues, PLOTS, signedPercent, TOLERANCE } from "./verdicts.ts";

const SECTIONS = [
  { id: "claims", title: "Claims and verdicts" },
  { id: "figures", title: "The paper's figures" },
  { id: "motion", title: "As training goes on" },
  { id: "music", title: "Music to listen to" },
  { id: "genres", title: "Genres" },
  { id: "studies", title: "What the paper says, shown" },
  { id: "weaknesses", title: "Weaknesses" },
  { id: "errata", title: "Errata" },
  { id: "runs", title: "Runs" },
];

/** Renders the paper's figures, made again, as one HTML file. */
export function renderPaperPage(page: PaperPage, style: string, script: string): string {
  const { mnist, music, heldOut, standIn } = page;
  const body = markup`<a class="skip" href="#claims">Skip to the claims</a>
<main>
${header(page)}
${contents(SECTIONS)}
${standIn !== undefined && substitution(standIn)}
${claims(page)}
${paperFigures(mnist, music, standIn === undefined ? undefined : STAND_IN.title)}
${motion(mnist)}
${listening(music)}
${genres(page.genres)}
${studies(page)}
${weaknesses(music, heldOut, mnist)}
${errata()}
${runs(page)}
</main>`;
  return renderDocument({ title: "The paper, made again", style, script, body });
}

function header(page: PaperPage): Markup {
  const { mnist, music, standIn } = page;
  const images = endValues(mnist, PLOTS.mnist);
  const sounds = endValues(music, PLOTS.music);
  const rows = standIn === undefined ? [...images, ...sounds] : images;
  const good = rows.filter(({ agreement }) => agreement !== "differs").length;
  const testLoss = (rows: typeof images) => rows.find(({ name }) => name === "Total loss, test")!;
  const cell = (label: string, row: ReturnType<typeof testLoss>, note?: string) => ({
    label,
    value: nats(row.ours),
    unit: "nats",
    note: note ?? `paper ${row.paper}, ${signedPercent(row.share)}`,
  });
  const verdict = [
    cell("MNIST test loss", testLoss(images)),
    cell(
      standIn === undefined ? "Lute test loss, the paper's split" : `Test loss on ${STAND_IN.title}`,
      testLoss(sounds),
      standIn === undefined ? undefined : "not the paper's data: no comparison",
    ),
    {
      label: "End values reproduced",
      value: String(good),
      unit: `of ${rows.length}`,
      note: `within ${percent(TOLERANCE)}, or a lower loss`,
    },
    claimsCell(page),
  ];
  return markup`<header>
<p class="kicker">Reparam · the paper, made again</p>
<h1>Variational autoencoders on digits and music, figure by figure</h1>
<p class="lead">What the paper claims, each claim with a verdict; every figure of it, made again from its protocol, with the
paper's numbers beside ours; then what the text says and does not show. Each sentence with a number in it is computed from the runs of this page.</p>
${verdictList(verdict)}
</header>`;
}

function claimsCell(page: PaperPage): Verdict {
  const counts = countVerdicts(page);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    label: "Claims supported",
    value: String(counts.supported),
    unit: `of ${all}`,
    note: `${counts["not supported"]} not supported, ${counts["cannot be told"]} cannot be told`,
  };
}

function substitution(reason: string): Markup {
  return markup`<aside class="stand-in">
<p><b>The lute files could not be had, so the music half runs on ${STAND_IN.title}.</b> Its numbers are not comparable with
the paper's. ${reason}</p>
<p>The eight files are at ${
    externalLink("http://www.jsbach.net/midi/midi_solo_lute.html")
  }. With them in a folder, or
on a server, in the sub-folders <code>c-minor</code> and <code>e-flat-major</code>:</p>
<pre><code>deno task paper --mirror FOLDER_OR_URL</code></pre>
</aside>`;
}

function runs(page: PaperPage): Markup {
  const {
    mnist,
    music,
    heldOut,
    digits,
    denoising,
    latentSizes,
    linear,
    annealing,
    limit,
    genres,
    games,
    semiSupervised,
  } = page;
  const all = [
    mnist,
    music,
    heldOut,
    ...digits,
    denoising,
    ...latentSizes,
    ...linear,
    ...annealing,
    ...limit,
    genres,
    ...games,
    ...semiSupervised,
  ];
  return markup`<section id="runs">
<h2>Runs</h2>
<p>Each has a report of its own, with its spec, weights, tables and figures.</p>
<ul class="files">${
    all.map(({ spec, metrics, outcome: { link } }) => {
      // That of a sweep's cell says where in the sweep it stands.
      const title = spec.title ?? spec.name;
      return markup`
<li>${link === null ? title : fileLink(link, title)} <small>test loss ${nats(metrics.test.loss)} nats, ${
        plural(spec.training.epochs, "epoch")
      }, seed ${spec.seed}</small></li>`;
    })
  }
</ul>
<p>A notebook opens two of them, executed on the results of this page: ${
    fileLink("notebook.html", "the paper's models in a notebook")
  }. It is <code>notebooks/paper.ipynb</code>.</p>
<h3>Reproduce</h3>
<pre><code>deno task paper</code></pre>
</section>`;
}
