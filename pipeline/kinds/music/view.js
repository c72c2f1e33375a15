import { Midi } from "@tonejs/midi";
import { element } from "../../report/explorer/dom.js";
import { toggleSound } from "../../report/player/player.js";
import { rollPad } from "./pad.js";
import { paintRoll } from "./paint.js";
import { chooseCells, columnsOf, notesOf } from "./roll.js";
import { chooseSymbols, notesOfSymbols } from "./symbols.js";

/** So many rolls follow each other in the file of a path. */
const ROLLS = 8;
/** As `rollToScore` has them. */
const [TICKS_PER_QUARTER, VELOCITY] = [480, 80];

/**
 * How piano rolls are shown and heard in the explorer.
 * @param {{ kind: import("./roll.js").Music, nouns: { one: string } }} data
 * @returns {import("../../report/explorer/explorer.js").View}
 */
export function musicView({ kind: music, nouns, size, steps }) {
  const { format, length, tempo, voices, choice } = music;
  const secondsPerStep = 60 / tempo / format.stepsPerQuarter;
  const uniforms = Float32Array.from({ length: size }, Math.random);
  const uniform = (cell) => uniforms[cell];
  /** What is decoded as cells; an autoregressive decoder has chosen them already, and examples are cells. */
  const cellsOf = (values) =>
    values.every((value) => value === 0 || value === 1) ? values : chooseCells(values, music, uniform);
  const notes = (values) => voices ? notesOfSymbols(values, voices) : notesOf(cellsOf(values), format);
  const paint = (canvas, values) => paintRoll(canvas, notes(values), music);
  const columns = columnsOf(format);
  const choose = (means, step) =>
    voices
      ? chooseSymbols(
        means,
        voices,
        choice.cells === "sample" ? uniform : undefined,
        step * voices.names.length,
      )
      : chooseCells(means, music, uniform, step);
  return {
    choose: (means, step) => steps === null ? means : choose(means, step),
    paint,
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
      return [element("span", { className: "listening" }, play, element("label", {}, repeat, " Repeat"))];
    },
    file: {
      label: "Save as MIDI",
      frames: ROLLS,
      make(decoded) {
        const midi = new Midi();
        midi.header.setTempo(tempo);
        const track = midi.addTrack(), ticks = TICKS_PER_QUARTER / format.stepsPerQuarter;
        decoded.forEach((values, i) => {
          for (const [pitch, onset, end] of notes(values)) {
            track.addNote({
              midi: pitch,
              ticks: Math.round((i * length + onset) * ticks),
              durationTicks: Math.round((end - onset) * ticks),
              velocity: VELOCITY / 127,
            });
          }
        });
        return [midi.toArray(), "path.mid", "audio/midi"];
      },
    },
    // Notes that are clicked into a roll are nobody's: where voices are told apart, a reader cannot write.
    pad: voices ? undefined : {
      title: `Write ${/^[aeiou]/.test(nouns.one) ? "an" : "a"} ${nouns.one}`,
      hint:
        "Click notes into the roll: the encoder reads along. Hide some steps, and the model fills them in.",
      open: (changed) => rollPad(music, columns, changed),
    },
  };
}
