import * as d3 from "d3";
import { percent } from "../../base/words.ts";
import { bottomAxis, leftAxis, type Plot } from "../drawing/axes.ts";
import { addText, createFigure, type FigureText, type Selection } from "../drawing/svg.ts";
import { CLASS_COLOURS, SERIES, SIZE, WIDTH } from "../drawing/theme.ts";

/** Histograms of a set of rolls; the shares of each sum to 1. */
export interface RollHistograms {
  /** C first, [12]. */
  readonly pitchClasses: readonly number[];
  /** Share of steps in which so many pitches sound, from 0 on. */
  readonly polyphony: readonly number[];
  /** Share of onsets at each step of the bar, by metre. */
  readonly groove: readonly { readonly metre: string; readonly onsets: readonly number[] }[];
  /** Share of notes that last so many steps, from 0 on. */
  readonly durations: readonly number[];
}

/** What the histograms are of. */
export interface MusicStatisticsData {
  /** At most three, the real music first. */
  readonly sets: readonly { readonly name: string; readonly histograms: RollHistograms }[];
}

const COLOURS = [SERIES.train.colour, SERIES.test.colour, CLASS_COLOURS[2]] as const;
const PITCH_CLASSES = ["C", "", "D", "", "E", "F", "", "G", "", "A", "", "B"];
/** The most voices, and the longest notes in steps, that have a bar of their own; the last bar holds what is rarer. */
const MOST_VOICES = 10;
const LONGEST = 16;

/** Draws four histograms, the sets side by side in each. */
export function drawMusicStatistics({ sets }: MusicStatisticsData, text: FigureText): string {
  const [width, height] = [WIDTH / 2 - 40, 82];
  const figure = createFigure("music-statistics", WIDTH, 2 * (height + 62) + 16, text);
  legend(figure.root, sets.map(({ name }) => name));
  const metre = commonestMetre(sets[0]!.histograms);
  const panels: [title: string, names: (i: number) => string, pick: (h: RollHistograms) => number[]][] = [
    ["pitch class", (i) => PITCH_CLASSES[i]!, ({ pitchClasses }) => [...pitchClasses]],
    [
      "pitches at once",
      (i) => i % 2 ? "" : i === MOST_VOICES ? `${i}+` : String(i),
      ({ polyphony }) => gathered(polyphony, MOST_VOICES),
    ],
    [
      `onsets by step of the bar${metre === undefined ? "" : `, ${metre}`}`,
      (i) => i % 4 ? "" : String(i + 1),
      ({ groove }) => [...groove.find((one) => one.metre === metre)?.onsets ?? [0]],
    ],
    [
      "length of notes in steps",
      (i) => (i + 1) % 4 ? "" : i + 1 === LONGEST ? `${i + 1}+` : String(i + 1),
      ({ durations }) => gathered(durations.slice(1), LONGEST - 1),
    ],
  ];
  panels.forEach(([title, names, pick], i) => {
    const plot = {
      left: 30 + (i % 2) * (WIDTH / 2 + 2),
      top: 32 + Math.floor(i / 2) * (height + 62),
      width,
      height,
    };
    drawPanel(
      figure.root,
      plot,
      title,
      names,
      sets.map(({ name, histograms }) => ({ name, shares: pick(histograms) })),
    );
  });
  return figure.toString();
}

/** The metre with the most onsets; undefined where there are none. */
export function commonestMetre({ groove }: Pick<RollHistograms, "groove">): string | undefined {
  return d3.greatest(groove, ({ onsets }) => d3.sum(onsets))?.metre;
}

function legend(parent: Selection, names: readonly string[]): void {
  let x = 30;
  names.forEach((name, i) => {
    parent.append("rect").attr("x", x).attr("y", 3).attr("width", 8).attr("height", 8).attr(
      "fill",
      COLOURS[i]!,
    );
    addText(parent, x + 12, 11, name, { size: SIZE.text });
    x += 24 + 5.6 * name.length;
  });
}

function drawPanel(
  parent: Selection,
  plot: Plot,
  title: string,
  names: (i: number) => string,
  sets: readonly { readonly name: string; readonly shares: readonly number[] }[],
): void {
  const bars = Math.max(...sets.map(({ shares }) => shares.length));
  const x = d3.scaleBand(d3.range(bars), [plot.left, plot.left + plot.width]).paddingInner(0.25);
  const within = d3.scaleBand(d3.range(sets.length), [0, x.bandwidth()]);
  const y = d3.scaleLinear([0, Math.max(0.01, ...sets.flatMap(({ shares }) => shares))], [
    plot.top + plot.height,
    plot.top,
  ]).nice(3);
  leftAxis(parent, plot, y, { ticks: 3, format: (share) => `${Math.round(100 * share)} %` });
  sets.forEach(({ shares }, set) => {
    const path = shares.map((share, i) => {
      const [left, top] = [x(i)! + within(set)!, y(share)];
      return `M${left},${top}h${within.bandwidth()}V${plot.top + plot.height}h${-within.bandwidth()}z`;
    });
    parent.append("path").attr("fill", COLOURS[set]!).attr("d", path.join(""));
  });
  for (const i of d3.range(bars)) {
    const [middle, base] = [x(i)! + x.bandwidth() / 2, plot.top + plot.height];
    parent.append("rect").attr("x", x(i)!).attr("y", plot.top).attr("width", x.bandwidth())
      .attr("height", plot.height).attr("fill", "none").attr("pointer-events", "all").append("title")
      .text(sets.map(({ name, shares }) => `${name}: ${percent(shares[i] ?? 0)}`).join("\n"));
    if (names(i)) addText(parent, middle, base + 12, names(i), { anchor: "middle", quiet: true });
  }
  bottomAxis(parent, plot, d3.scaleLinear([0, 1], [plot.left, plot.left + plot.width]), {
    ticks: [],
    label: title,
  });
}

/** The first `last` shares, and then all others in one. */
function gathered(shares: readonly number[], last: number): number[] {
  const first = d3.range(last).map((i) => shares[i] ?? 0);
  return [...first, d3.sum(shares.slice(last))];
}
