import { Midi } from "@tonejs/midi";
import { capital } from "../../base/words.ts";
import { classColour } from "../../figures/drawing/theme.ts";
import { columnsOf } from "../../formats/piano_roll.ts";
import { element } from "../../report/dom.js";
import { walkedFile } from "../../report/explorer/apng.js";
import { tempoControl, toggleSound } from "../../report/player/player.js";
import { chooseCells, chooseStep } from "./cells.ts";
import { rollPad, voicePad } from "./pad.js";
import { paintRoll } from "./paint.js";
import { notesOf } from "./roll.js";
import { notesOfSymbols } from "./symbols.js";
import { chooseWhole, stepChooser } from "./symbols.ts";

/** So many rolls follow each other in the sound of a path. */
const ROLLS = 8;
/** Of its moving picture. */
const [FRAMES, FRAME_MILLISECONDS] = [24, 150];
/** Training does not know how notes are chosen, so a step reads the means of what it depends on (`chooseMeans`). */
const UNCHOSEN =
  "While it trained, a step of the model read the probabilities of what was before it, not what was " +
  "chosen by them as everywhere else on this page: ";
const MOST_PROBABLE = "of each voice the most probable is shown here.";
const CHOSEN_AFTERWARDS = "here notes are chosen afterwards, step by step.";
/** As `rollToScore` and `voicesToScore` have them. */
const [TICKS_PER_QUARTER, VELOCITY, CHOIR] = [480, 80, 52];

/**
 * How piano rolls are shown and heard in the explorer.
 * @param {{ kind: import("./roll.js").Music, nouns: { one: string }, size: number, steps: number | null }} data
 * @returns {import("../../report/explorer/explorer.js").View}
 */
export function musicView({ kind: music, nouns, size, steps }) {
  const { format, length, tempo, voices, symbols, choice } = music;
  const secondsPerStep = 60 / tempo / format.stepsPerQuarter;
  const uniforms = Float32Array.from({ length: size }, Math.random);
  /** The same each time, so that what is heard changes with z alone. */
  const uniform = (at) => uniforms[at];
  /** What is decoded as cells; what is written step after step is chosen already, and examples are cells. */
  const cellsOf = (values) =>
    values.every((value) => value === 0 || value === 1)
      ? values
      : chooseCells(values, format, length, choice, uniform);
  /** What is written step after step are symbols already. */
  const symbolsOf = (values) =>
    steps !== null || values.every((value) => value === 0 || value === 1)
      ? values
      : chooseWhole(values, stepChooser(voices, length, symbols, uniform), 1);
  const notes = (values) =>
    voices ? notesOfSymbols(symbolsOf(values), voices) : notesOf(cellsOf(values), music);
  const paint = (canvas, values) => paintRoll(canvas, notes(values), music);
  const columns = columnsOf(format);
  const tempoSetting = tempoControl();
  let chooser;
  const write = (means, step) => {
    if (step === 0) chooser = stepChooser(voices, length, symbols, uniform);
    return chooser.choose(means);
  };
  return {
    choose: voices
      ? write
      : (means, step) => chooseStep(means, format, choice, (cell) => uniform(step * columns + cell)),
    paint,
    settle: voices ? symbolsOf : cellsOf,
    ofSnapshots: steps === null ? undefined : UNCHOSEN + (voices ? MOST_PROBABLE : CHOSEN_AFTERWARDS),
    controls(explorer) {
      let z, decoded;
      /** Decoded anew only where z is another. */
      const notesNow = () => {
        if (z !== explorer.z) [z, decoded] = [explorer.z, notes(explorer.decode(explorer.z))];
        return decoded;
      };
      const play = element("button", {
        type: "button",
        className: "play",
        "aria-pressed": "false",
        onclick: () => toggleSound(play, notesNow, secondsPerStep, length),
      }, "Play");
      const repeat = element("input", { type: "checkbox", name: "loop", checked: true });
      const heard = (voices?.names ?? []).map((name, voice) =>
        element(
          "label",
          {},
          element("input", { type: "checkbox", name: "voice", checked: true }),
          swatch(voice),
          capital(name),
        )
      );
      return [
        element(
          "span",
          { className: "listening" },
          play,
          element("label", {}, repeat, " Repeat"),
          tempoSetting.node,
          ...heard,
        ),
      ];
    },
    files: [{
      label: "Save as MIDI",
      frames: ROLLS,
      make(decoded) {
        const midi = new Midi();
        midi.header.setTempo(tempo * tempoSetting.speed());
        const tracks = (voices?.names ?? ["Piano"]).map((name, channel) => {
          const track = midi.addTrack();
          track.name = name;
          track.channel = channel;
          if (voices) track.instrument.number = CHOIR;
          return track;
        });
        const ticks = TICKS_PER_QUARTER / format.stepsPerQuarter;
        decoded.forEach((values, i) => {
          for (const [pitch, onset, end, voice = 0] of notes(values)) {
            tracks[voice].addNote({
              midi: pitch,
              ticks: Math.round((i * length + onset) * ticks),
              durationTicks: Math.round((end - onset) * ticks),
              velocity: VELOCITY / 127,
            });
          }
        });
        return [/** @type {BlobPart} */ (midi.toArray()), "path.mid", "audio/midi"];
      },
    }, {
      label: "Save as APNG",
      frames: FRAMES,
      make(decoded) {
        const canvas = element("canvas");
        const frames = decoded.map((values) => {
          paint(canvas, values);
          return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        });
        return walkedFile(frames, FRAME_MILLISECONDS);
      },
    }],
    pad: {
      title: `Write ${/^[aeiou]/.test(nouns.one) ? "an" : "a"} ${nouns.one}`,
      hint: `Click notes into the roll${
        voices ? ", voice by voice" : ""
      }: the encoder reads along. Hide some steps, and the model fills them in.`,
      open: (changed) => voices ? voicePad(music, changed) : rollPad(music, columns, changed),
    },
  };
}

/** The colour of a voice, which a dark page changes as it does those of drawings. */
function swatch(voice) {
  const made = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const svg = made("svg", { class: "swatch", viewBox: "0 0 1 1", "aria-hidden": "true" });
  svg.append(made("rect", { width: 1, height: 1, fill: classColour(voice) }));
  return svg;
}
