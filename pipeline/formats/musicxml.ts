import { type Bar, barsOf, type MetreOnGrid } from "./bars.ts";
import { fifthsOf, type MusicalKey, spelledPitch } from "./keys.ts";
import { notesOfVoice, type Voices } from "./voices.ts";

/** Music of voices with all that a score says beside the notes. */
export interface VoiceScore {
  readonly title: string;
  readonly voices: Voices;
  /** What the voices are called, the highest first. */
  readonly names: readonly string[];
  /** Steps of the grid to a quarter note. */
  readonly stepsPerQuarter: number;
  /** By their steps, the first from step 0 on; a pickup is a metre of its own that the next one cuts short. */
  readonly metres: readonly MetreOnGrid[];
  /** Quarter notes a minute. */
  readonly tempo: number;
  /** Undefined where none is known: no signature. */
  readonly key: MusicalKey | undefined;
}

/** The instrument that a player gives to voices: number 53 of General MIDI, from 1 on: choir, "aah". */
const CHOIR = 53;

/**
 * Writes a score as MusicXML 4.0, partwise and without compression: a part for each voice, notes split and tied at bar
 * lines and where no note value is as long.
 *
 * Source: W3C, MusicXML 4.0 (Community Group Report, 2021).
 */
export function writeMusicXml(score: VoiceScore): string {
  const { title, names } = score;
  const bars = barsOf(score.metres, score.voices.steps);
  const values = noteValues(score.stepsPerQuarter);
  const ids = names.map((_, voice) => `P${voice + 1}`);
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" ` +
    `"http://www.musicxml.org/dtds/partwise.dtd">`,
    `<score-partwise version="4.0">`,
    `<work><work-title>${escaped(title)}</work-title></work>`,
    `<identification><encoding><software>Reparam</software></encoding></identification>`,
    `<part-list>`,
    ...ids.map((id, voice) =>
      `<score-part id="${id}"><part-name>${escaped(names[voice]!)}</part-name>` +
      `<score-instrument id="${id}-I"><instrument-name>Choir</instrument-name></score-instrument>` +
      `<midi-instrument id="${id}-I"><midi-channel>${voice % 9 + 1}</midi-channel>` +
      `<midi-program>${CHOIR}</midi-program></midi-instrument></score-part>`
    ),
    `</part-list>`,
    ...ids.flatMap((id, voice) => [
      `<part id="${id}">`,
      ...partOf(score, voice, bars, values),
      `</part>`,
    ]),
    `</score-partwise>`,
    "",
  ].join("\n");
}

/** The measures of a voice. */
function partOf(
  score: VoiceScore,
  voice: number,
  bars: readonly Bar[],
  values: readonly NoteValue[],
): string[] {
  const { voices, key, tempo, stepsPerQuarter } = score;
  const notes = notesOfVoice(voices, voice), fifths = key ? fifthsOf(key) : 0;
  const isPickup = bars.length > 1 && bars[0]!.isShort;
  return bars.flatMap((bar, i) => {
    const before = bars[i - 1], number = isPickup ? i : i + 1;
    const attributes = [
      i === 0 && `<divisions>${stepsPerQuarter}</divisions>`,
      i === 0 && `<key><fifths>${fifths}</fifths>${key ? `<mode>${key.mode}</mode>` : ""}</key>`,
      bar.metre !== before?.metre && timeOf(bar),
      i === 0 && clefOf(notes),
    ].filter((part) => part !== false).join("");
    const lines = [`<measure number="${number}"${isPickup && i === 0 ? ' implicit="yes"' : ""}>`];
    if (attributes !== "") lines.push(`<attributes>${attributes}</attributes>`);
    if (i === 0 && voice === 0) lines.push(tempoOf(tempo));
    let step = bar.start;
    for (const { pitch, onset, end } of notes) {
      if (end <= bar.start || onset >= bar.end) continue;
      const from = Math.max(onset, bar.start), to = Math.min(end, bar.end);
      lines.push(...restsOf(step, from, bar, values));
      lines.push(...tiedNotes(pitch, from, to, { onset, end }, fifths, values));
      step = to;
    }
    lines.push(...restsOf(step, bar.end, bar, values), `</measure>`);
    return lines;
  });
}

function timeOf({ metre }: Bar): string {
  const [beats, type] = metre.split("/");
  return `<time><beats>${beats}</beats><beat-type>${type}</beat-type></time>`;
}

function tempoOf(tempo: number): string {
  const rounded = Math.round(tempo * 100) / 100;
  return `<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>` +
    `<per-minute>${rounded}</per-minute></metronome></direction-type><sound tempo="${rounded}"/></direction>`;
}

/** Where a voice lies on average decides its clef, as choirs' scores have it: a tenor's sounds an octave lower. */
function clefOf(notes: readonly { readonly pitch: number }[]): string {
  const mean = notes.reduce((sum, { pitch }) => sum + pitch, 0) / Math.max(1, notes.length);
  if (notes.length > 0 && mean < 53) return `<clef><sign>F</sign><line>4</line></clef>`;
  const octave = notes.length > 0 && mean < 60 ? `<clef-octave-change>-1</clef-octave-change>` : "";
  return `<clef><sign>G</sign><line>2</line>${octave}</clef>`;
}

function restsOf(from: number, to: number, bar: Bar, values: readonly NoteValue[]): string[] {
  if (from === bar.start && to === bar.end && !bar.isShort) { // of a short bar readers would make a whole one
    return [`<note><rest measure="yes"/><duration>${to - from}</duration><voice>1</voice></note>`];
  }
  return valuesOf(to - from, values).map((value) =>
    `<note><rest/><duration>${value.steps}</duration><voice>1</voice>${value.xml}</note>`
  );
}

/** The notes that one note is written as between two steps. @param whole where it begins and ends */
function tiedNotes(
  pitch: number,
  from: number,
  to: number,
  { onset, end }: { readonly onset: number; readonly end: number },
  fifths: number,
  values: readonly NoteValue[],
): string[] {
  const { step, alter, octave } = spelledPitch(pitch, fifths);
  const spelled = `<pitch><step>${step}</step>${alter === 0 ? "" : `<alter>${alter}</alter>`}` +
    `<octave>${octave}</octave></pitch>`;
  let at = from;
  return valuesOf(to - from, values).map(({ steps, xml }) => {
    const ties = [...(at > onset ? ["stop"] : []), ...(at + steps < end ? ["start"] : [])];
    at += steps;
    const notations = ties.length === 0
      ? ""
      : `<notations>${ties.map((type) => `<tied type="${type}"/>`).join("")}</notations>`;
    return `<note>${spelled}<duration>${steps}</duration>${
      ties.map((type) => `<tie type="${type}"/>`).join("")
    }` +
      `<voice>1</voice>${xml}${notations}</note>`;
  });
}

/** A note value that is a whole number of steps long. */
interface NoteValue {
  readonly steps: number;
  /** What MusicXML says of it. */
  readonly xml: string;
}

/** MusicXML's names of the note values, the longest first: a whole note is four quarters long. */
const TYPES = [
  "whole",
  "half",
  "quarter",
  "eighth",
  "16th",
  "32nd",
  "64th",
  "128th",
  "256th",
  "512th",
  "1024th",
];

/** All note values on a grid, the longest first: plain, dotted, and as tuplets where a quarter has odd parts. */
function noteValues(stepsPerQuarter: number): NoteValue[] {
  const odd = Array.from({ length: stepsPerQuarter }, (_, i) => i + 1).filter((part) =>
    part % 2 === 1 && stepsPerQuarter % part === 0
  );
  const values = odd.flatMap((actual) => {
    const normal = 2 ** Math.floor(Math.log2(actual));
    const tuplet = actual === 1
      ? ""
      : `<time-modification><actual-notes>${actual}</actual-notes><normal-notes>${normal}</normal-notes>` +
        `</time-modification>`;
    return TYPES.flatMap((type, i) =>
      ["", "<dot/>"].map((dot): NoteValue => ({
        steps: stepsPerQuarter * 4 / 2 ** i * (dot === "" ? 1 : 1.5) * normal / actual,
        xml: `<type>${type}</type>${dot}${tuplet}`,
      }))
    );
  });
  // A sort is stable, so of equal lengths the simplest is used.
  return values.filter(({ steps }) => Number.isInteger(steps)).sort((a, b) => b.steps - a.steps);
}

/** Note values that are so many steps long together, the longest first. */
function valuesOf(steps: number, values: readonly NoteValue[]): NoteValue[] {
  const chosen: NoteValue[] = [];
  for (let rest = steps; rest > 0; rest -= chosen.at(-1)!.steps) {
    chosen.push(values.find((value) => value.steps <= rest)!);
  }
  return chosen;
}

/** A text within XML: what XML 1.0 has no characters for is left out. */
function escaped(text: string): string {
  const kept = text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "");
  return kept.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
