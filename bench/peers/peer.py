"""What the Python peers share: files in, the line protocol, files out.

A peer's last argument is JSON (model, batch, weights, data, learningRate, setting). It takes
one step, prints {"version", "compileMs"}, and then answers each line on its standard input with one JSON line:

    run N       N training steps over the four batches in turn; {"msPerStep": mean}
    check FILE  from the initial weights: gradients and loss of the first batch with the given noise, written
                to FILE; then three updates on that batch; {"losses": [before, after 1, after 2, after 3]}

It ends at the end of its input.
"""

import json
import sys
import time

from safetensors.numpy import load_file, save_file

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
BATCHES = 4


def configuration():
    return json.loads(sys.argv[-1])


def serve(config, make):
    """`make(config, data)` returns (version, contestant).

    A contestant has load(weights), which also forgets the optimiser's state; train(steps), which returns when
    the last step is done; and check(x, noise), which returns (gradients by name, losses).
    """
    data = load_file(config["data"])
    begin = time.perf_counter()
    version, contestant = make(config, data)
    contestant.load(load_file(config["weights"]))
    contestant.train(1)
    reply(version=version, compileMs=1e3 * (time.perf_counter() - begin))
    for line in sys.stdin:
        command, argument = line.split()
        if command == "run":
            steps = int(argument)
            begin = time.perf_counter()
            contestant.train(steps)
            reply(msPerStep=1e3 * (time.perf_counter() - begin) / steps)
        elif command == "check":
            contestant.load(load_file(config["weights"]))
            gradients, losses = contestant.check(data["x"][: config["batch"]], data["noise"])
            save_file(gradients, argument)
            reply(losses=losses)
        else:
            raise ValueError(f"unknown command {command!r}")


def reply(**fields):
    print(json.dumps(fields), flush=True)
