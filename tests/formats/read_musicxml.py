"""Reads MusicXML files by music21 and says what is in them, as JSON."""

import json
import sys
import warnings

from music21 import converter, key, meter, note, stream, tempo

warnings.simplefilter("error")  # nothing that music21 complains about


def part_of(part):
    measures = part.getElementsByClass(stream.Measure)
    flat = part.flatten()
    lacks = [abs(m.duration.quarterLength - sum(n.quarterLength for n in m.notesAndRests)) for m in measures]
    bad = [m.number for m, lack in zip(measures, lacks) if lack > 1e-9]
    return {
        "name": part.partName,
        "notes": [
            [n.pitch.midi, float(n.offset), float(n.offset + n.quarterLength)]
            for n in part.stripTies().flatten().getElementsByClass(note.Note)
        ],
        "spelled": " ".join(n.pitch.nameWithOctave for n in flat.getElementsByClass(note.Note)),
        "measures": [[m.number, float(m.offset)] for m in measures],
        "keys": [[k.sharps, k.mode] for k in flat.getElementsByClass(key.Key)],
        "metres": [t.ratioString for t in flat.getElementsByClass(meter.TimeSignature)],
        "tempi": [t.number for t in flat.getElementsByClass(tempo.MetronomeMark)],
        "length": float(part.highestTime),
        "bad": bad,
    }


def read(path):
    score = converter.parse(path, forceSource=True)
    return {"title": score.metadata.title, "parts": [part_of(part) for part in score.parts]}


print(json.dumps([read(path) for path in sys.argv[1:]]))
