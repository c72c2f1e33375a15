import { jsonArtifact } from "./artifact.ts";

/** One figure of `figures.json`. */
export interface FigureEntry {
  readonly name: string;
  readonly title: string;
  /** How to read it, with the numbers that matter. */
  readonly caption: string;
  /** What a reader without the picture is told. */
  readonly alt: string;
  /** Relative to `figures.json`: the SVG first, then a PNG of pictures of images. */
  readonly files: readonly string[];
  /** What the rows of a figure of piano rolls sound like, in their order. */
  readonly sounds?: readonly Sound[];
  /** The numbers behind it: the first column names the rows. */
  readonly table?: {
    readonly caption: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  /** Run in a checkout, it makes this figure again. */
  readonly command: string;
}

/** What one row of a figure of piano rolls sounds like. */
export interface Sound {
  /** Which row it is. */
  readonly title: string;
  /** MIDI, relative to `figures.json`. */
  readonly file: string;
  /** The same as a score: MusicXML, where voices are told apart. */
  readonly score?: string;
  /** What the voices are called, where they are told apart. */
  readonly voices?: readonly string[];
  /** How fast it is played. */
  readonly secondsPerStep: number;
  /** MIDI pitches; onset and end in steps of the roll; the number of the voice, where they are told apart. */
  readonly notes: readonly (readonly [pitch: number, onset: number, end: number, voice?: number])[];
}

/** The figures of a run, in the order in which they are shown. */
export interface FigureList {
  readonly figures: readonly FigureEntry[];
  /** Figures that were asked for but do not exist for this model. */
  readonly omitted: readonly { readonly name: string; readonly reason: string }[];
}

/** The words of all figures; the drawings lie beside it. */
export const FIGURES_JSON = jsonArtifact<FigureList>("render/figures.json");
