import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../pipeline/base/random.ts";
import type { GridNote } from "../../pipeline/formats/piano_roll.ts";
import { keyName } from "../../pipeline/formats/keys.ts";
import { type VoiceScore, writeMusicXml } from "../../pipeline/formats/musicxml.ts";
import { notesOfVoice, voicesOfNotes } from "../../pipeline/formats/voices.ts";
import { hasPython, python } from "../support/python.ts";

interface ReadPart {
  readonly name: string;
  readonly notes: readonly (readonly [pitch: number, onset: number, end: number])[];
  readonly spelled: string;
  readonly measures: readonly (readonly [number: number, offset: number])[];
  readonly keys: readonly (readonly [sharps: number, mode: string])[];
  readonly metres: readonly string[];
  readonly tempi: readonly number[];
  readonly length: number;
  /** Measures whose notes and rests do not add up. */
  readonly bad: readonly number[];
}

/** What music21 finds in scores; a warning of its is a failure. */
function byMusic21(
  scores: readonly VoiceScore[],
): readonly { readonly title: string; readonly parts: readonly ReadPart[] }[] {
  return byPython("read_musicxml.py", scores.map(writeMusicXml));
}

/** What a script beside this file says of each of some files, as JSON. */
function byPython<T>(name: string, texts: readonly string[]): T {
  const folder = Deno.makeTempDirSync();
  try {
    const files = texts.map((text, i) => {
      const file = `${folder}/${i}.musicxml`;
      Deno.writeTextFileSync(file, text);
      return file;
    });
    const script = fileURLToPath(new URL(`./${name}`, import.meta.url));
    const { success, stdout, stderr } = python([script, ...files]);
    assert.ok(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const FOUR_FOUR = { step: 0, metre: "4/4", stepsPerBar: 16 };

/** A score of one voice, with what a test is not about filled in. */
function score(notes: readonly GridNote[], rest: Partial<VoiceScore> = {}): VoiceScore {
  return {
    title: "Test",
    voices: voicesOfNotes([notes], 32),
    names: ["soprano"],
    stepsPerQuarter: 4,
    metres: [FOUR_FOUR],
    tempo: 80,
    key: { tonic: 0, mode: "major" },
    ...rest,
  };
}

/** The values of an element, in order. */
function values(xml: string, element: string): string[] {
  return Array.from(
    xml.matchAll(new RegExp(`<${element}[^>]*>([^<]*)</${element}>`, "g")),
    ([, value]) => value!,
  );
}

Deno.test("a note over a bar line is two that are tied, and one that no value is as long as likewise", () => {
  const xml = writeMusicXml(score([{ pitch: 60, onset: 11, end: 21 }]));
  // Rests up to 11, 5 steps as a quarter and a sixteenth, then 5 more in the second bar.
  assert.deepEqual(values(xml, "duration"), ["8", "3", "4", "1", "4", "1", "8", "3"]);
  assert.deepEqual(values(xml, "type"), [
    "half",
    "eighth",
    "quarter",
    "16th",
    "quarter",
    "16th",
    "half",
    "eighth",
  ]);
  assert.equal(xml.match(/<tie type="start"\/>/g)!.length, 3);
  assert.equal(xml.match(/<tie type="stop"\/>/g)!.length, 3);
});

Deno.test("what a title or a name holds does no harm to the XML", () => {
  const xml = writeMusicXml(score([], { title: 'Wer <nur> & "so"\u0000\ud800', names: ["a<b"] }));
  assert.match(xml, /<work-title>Wer &lt;nur&gt; &amp; "so"<\/work-title>/);
  assert.match(xml, /<part-name>a&lt;b<\/part-name>/);
});

Deno.test("keys have their usual names and signatures", () => {
  const names = Array.from(
    { length: 12 },
    (_, tonic) => [keyName({ tonic, mode: "major" }), keyName({ tonic, mode: "minor" })],
  );
  assert.deepEqual(names.map(([major]) => major!.split(" ")[0]), "C D♭ D E♭ E F F♯ G A♭ A B♭ B".split(" "));
  assert.deepEqual(names.map(([, minor]) => minor!.split(" ")[0]), "C C♯ D D♯ E F F♯ G G♯ A B♭ B".split(" "));
});

/** Scores of random notes on grids and in metres of all sorts, some with a pickup. */
function randomScores(): VoiceScore[] {
  const grids = [[1, "4/4"], [2, "3/4"], [4, "3/8"], [3, "6/8"], [6, "2/2"], [5, "4/4"], [12, "5/4"], [
    24,
    "7/8",
  ]] as const;
  return grids.map(([stepsPerQuarter, metre], i): VoiceScore => {
    const stream = randomStream(i, "score"), steps = 13 * stepsPerQuarter;
    const [beats, type] = metre.split("/").map(Number), stepsPerBar = stepsPerQuarter * 4 * beats! / type!;
    const notes = [0, 1].map(() => {
      const its: GridNote[] = [];
      for (let at = stream.integer(4); at < steps;) {
        const end = Math.min(steps, at + 1 + stream.integer(3 * stepsPerQuarter));
        its.push({ pitch: 40 + stream.integer(40), onset: at, end });
        at = end + stream.integer(2) * stream.integer(3 * stepsPerQuarter);
      }
      return its;
    });
    return {
      title: `Score ${i}`,
      voices: voicesOfNotes(notes, steps),
      names: ["upper", "lower"],
      stepsPerQuarter,
      metres: i % 2 === 0
        ? [{ step: 0, metre, stepsPerBar }]
        : [{ step: 0, metre, stepsPerBar }, { step: 1, metre, stepsPerBar }], // a pickup of one step
      tempo: 72.5,
      key: { tonic: (i * 5) % 12, mode: i % 3 === 0 ? "minor" : "major" },
    };
  });
}

Deno.test({
  name: "scores of any grid and metre are valid by the schema of MusicXML, and one without durations is not",
  ignore: !hasPython("lxml", "partitura"),
  fn() {
    const texts = randomScores().map(writeMusicXml);
    const broken = texts[0]!.replace(/<duration>\d+<\/duration>/, "");
    const wrong = byPython<string[][]>("validate_musicxml.py", [...texts, broken]);
    assert.deepEqual(wrong.slice(0, -1), texts.map(() => []));
    assert.match(wrong.at(-1)!.join(), /duration/);
  },
});

const HAS_MUSIC21 = hasPython("music21");

Deno.test({
  name:
    "music21 opens scores of any grid and metre without complaint, and finds the same notes in the same bars",
  ignore: !HAS_MUSIC21,
  fn() {
    const scores = randomScores();
    byMusic21(scores).forEach(({ title, parts }, i) => {
      const { voices, stepsPerQuarter, metres } = scores[i]!;
      assert.equal(title, `Score ${i}`);
      parts.forEach((part, voice) => {
        const wanted = notesOfVoice(voices, voice).map((
          { pitch, onset, end },
        ) => [pitch, onset / stepsPerQuarter, end / stepsPerQuarter]);
        assert.equal(part.notes.length, wanted.length);
        for (const [n, note] of part.notes.entries()) {
          for (const [k, value] of note.entries()) {
            assert.ok(Math.abs(value - wanted[n]![k]!) < 1e-6, `${title}, note ${n}`);
          }
        }
        assert.deepEqual(part.bad, []);
        assert.deepEqual(part.metres, [metres[0]!.metre]);
        assert.deepEqual(part.tempi, voice === 0 ? [72.5] : []);
        assert.equal(part.length, 13);
        assert.equal(part.name, ["upper", "lower"][voice]);
        assert.equal(part.measures[0]![0], i % 2 === 0 ? 1 : 0);
        assert.ok(
          Math.abs(part.measures[1]![1] - (i % 2 === 0 ? metres[0]!.stepsPerBar : 1) / stepsPerQuarter) <
            1e-6,
        );
      });
    });
  },
});

Deno.test({
  name: "music21 reads the signatures of all keys, and accidentals as they are written in them",
  ignore: !HAS_MUSIC21,
  fn() {
    const chromatic = Array.from({ length: 12 }, (_, i) => ({ pitch: 60 + i, onset: 2 * i, end: 2 * i + 2 }));
    const keys = Array.from(
      { length: 12 },
      (_, tonic) => [{ tonic, mode: "major" } as const, { tonic, mode: "minor" } as const],
    ).flat();
    const read = byMusic21(keys.map((key) => score(chromatic, { key })));
    const found = read.map(({ parts }) => parts[0]!.keys[0]!);
    // Sharps of the major keys by fifths from C, flats negative; minor keys have those of the key a minor third above.
    const sharps = [0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5];
    assert.deepEqual(
      found,
      keys.map(({ tonic, mode }) => [sharps[(mode === "major" ? tonic : tonic + 3) % 12], mode]),
    );
    const spelled = (index: number) => read[index]!.parts[0]!.spelled;
    assert.equal(spelled(0), "C4 C#4 D4 E-4 E4 F4 F#4 G4 G#4 A4 B-4 B4");
    assert.equal(spelled(6), "C4 D-4 D4 E-4 E4 F4 G-4 G4 A-4 A4 B-4 B4"); // E flat major
    assert.equal(spelled(8), "B#3 C#4 D4 D#4 E4 E#4 F#4 G4 G#4 A4 A#4 B4"); // E major
    for (const { parts } of read) {
      assert.deepEqual(
        parts[0]!.notes.map(([pitch]) => pitch),
        chromatic.map(({ pitch }) => pitch),
      );
    }
  },
});
