import { musicMetrics } from "../../artifacts/music_metrics.ts";
import type { PaperResult } from "./read.ts";
import { nats, percent } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";
import { rendered } from "./figure.ts";
import { numberTable } from "../table.ts";

/** Music to listen to, from the prior and from the posterior. */
export function listening(music: PaperResult): Markup {
  const figures = ["prior-samples", "reconstructions", "class-samples", "interpolation"]
    .map((name) => rendered(music, name)).filter((figure) => figure !== undefined);
  return markup`<section id="music">
<h2>Music to listen to</h2>
<p class="lead">Decoded from the prior, and from the posterior of test windows: press a button, and a line moves through
the roll.</p>
${sparse(music)}
<div class="gallery">${figures}</div>
</section>`;
}

/** Two genres in folders of their own: told from codes, and turned into each other. */
export function genres(result: PaperResult): Markup {
  const { probe } = result.metrics;
  const codes = probe?.rows.find(({ representation }) => representation === "posterior means");
  return markup`<section id="genres">
<h2>Genres</h2>
<p class="lead">The paper also tried music of several genres, each in a folder of its own, and shows nothing of it. Here are
two folders of piano music.</p>
${
    codes &&
    markup`<p>The two are told apart in ${
      percent(codes.linear)
    } of the test windows by a linear probe of the codes; but that
probe has seen other bars of the same pieces, so it may know the piece and not the genre. What is told of pieces that it
never saw stands below the first figure.</p>`
  }
<div class="gallery">${rendered(result, "class-shift")}${rendered(result, "interpolation")}</div>
<p class="note">A folder of your own, with a sub-folder for each genre: dataset <code>midi</code>, and
<code>class-shift</code> in <code>figures.show</code>.</p>
</section>`;
}

/** What little sounds, where samples have less than half of the notes of the music. */
function sparse({ metrics, spec: { generation } }: PaperResult): Markup | false {
  const { train, samples } = musicMetrics(metrics)!.statistics;
  if (samples.meanPolyphony >= train.meanPolyphony / 2) return false;
  return markup`<p class="note">There is little to hear: prior samples have ${
    samples.meanPolyphony.toFixed(2)
  } pitches at once, where training windows have ${
    train.meanPolyphony.toFixed(2)
  }. Few probabilities are above the paper's threshold of ${
    generation!.threshold
  }; what a spec says nothing of is decoded as densely as the data.</p>`;
}

/** Three things about the paper's method that a reader should know, and what is done about them here. */
export function weaknesses(music: PaperResult, heldOut: PaperResult, mnist: PaperResult): Markup {
  const runs = [["The paper's split", music], ["Stretches held out", heldOut]] as const;
  const rows = runs.map(([name, { metrics }]) => {
    const { test, train } = metrics;
    const music = musicMetrics(metrics)!;
    return [
      name,
      percent(music.split.mean),
      nats(train.loss),
      nats(test.loss),
      nats(test.loss - train.loss),
      percent(music.reconstruction.onsets.f1),
    ];
  });
  const [leaky, honest] = runs.map(([, { metrics }]) => metrics);
  const gap = honest!.test.loss - leaky!.test.loss;
  return markup`<section id="weaknesses">
<h2>Weaknesses, in the open</h2>
<h3>Test windows that training has seen</h3>
<p>The paper cuts each piece into 200 windows of 100 steps and deals them out at random. Neighbours overlap, so ${
    percent(musicMetrics(leaky!)!.split.mean)
  } of the steps of a test window also lie in training windows, and the test loss of Figure 5 tells how well these pieces
were learnt, not how well music like them would be. Beside it the same model where one stretch of each piece is held
out: the test loss is ${nats(Math.abs(gap))} nats ${gap > 0 ? "higher" : "lower"}.</p>
${
    numberTable(
      "After training, measured with one sample of z; onsets are those of reconstructed test windows.",
      [
        "Split",
        "Steps seen in training",
        "Train loss",
        "Test loss",
        "Gap",
        "Onset F1, test",
      ],
      rows,
    )
  }
<h3>A learning rate lowered by hand</h3>
<p>“By hand” cannot be done again. The specs of this page state the rate as a schedule: for images ${mnist.learningRate}; for music ${music.learningRate}.</p>
<h3>No part to choose by</h3>
<p>The paper has training and test examples and no third part, and so have the specs of this page. Their schedules were
chosen by how near the curves come to the paper's, those of the test part among them: no test loss on this page is that
of a model that was chosen without it. All other specs that are shipped hold a validation part out.</p>
</section>`;
}
