"""Describes pieces by music21. Reads [[[pitch of each voice, -1 for a rest], ...], ...] from the file named; writes JSON."""

import itertools
import json
import sys

from music21 import analysis, chord, note, stream, voiceLeading

# Forte's classes of the triads and sevenths that count, inversions told apart (A: as the minor triad lies).
TERTIAN = {"3-11A", "3-11B", "3-10", "3-12", "4-27A", "4-27B", "4-26", "4-20", "4-28"}
CONSONANT = {"1-1", "2-3", "2-4", "2-5", "3-11A", "3-11B"}


def key_of(steps):
    part = stream.Stream()
    for step in steps:
        for pitch in step:
            if pitch >= 0:
                part.append(note.Note(pitch, quarterLength=0.25))
    key = analysis.discrete.KrumhanslKessler().getSolution(part)
    return [key.tonic.pitchClass, key.mode]


def forte(classes, known={}):
    if classes not in known:
        known[classes] = chord.Chord(sorted(classes)).forteClassTnI if len(classes) < 3 else chord.Chord(sorted(classes)).forteClass
    return known[classes]


def describe(steps):
    counts = {"consonant": 0, "tertian": 0, "sounding": 0, "fifths": 0, "octaves": 0}
    for step in steps:
        classes = frozenset(pitch % 12 for pitch in step if pitch >= 0)
        if not classes:
            continue
        counts["sounding"] += 1
        counts["consonant"] += forte(classes) in CONSONANT
        counts["tertian"] += forte(classes) in TERTIAN
    for before, now in zip(steps, steps[1:]):
        for upper, lower in itertools.combinations(range(len(now)), 2):
            four = [before[upper], now[upper], before[lower], now[lower]]
            if min(four) < 0 or four[0] == four[1] or four[2] == four[3]:
                continue
            if {abs(four[0] - four[2]) % 12, abs(four[1] - four[3]) % 12} not in ({0}, {7}):
                continue  # music21 is slow
            quartet = voiceLeading.VoiceLeadingQuartet(*(note.Note(pitch) for pitch in four))
            if quartet.similarMotion():  # by its own count antiparallels are parallel too
                counts["fifths"] += {interval.chromatic.mod12 for interval in quartet.vIntervals} <= {5, 7}
                counts["octaves"] += {interval.chromatic.mod12 for interval in quartet.vIntervals} == {0}
    return {"key": key_of(steps), **counts}


with open(sys.argv[1]) as file:
    print(json.dumps([describe(steps) for steps in json.load(file)]))
