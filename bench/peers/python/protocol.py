"""How a peer answers: one line of JSON in, one line of JSON out, until standard input ends.

    {"ask": "map", "classIndex": 285}                              → {"map": [...], "shape": [7, 7]}
    {"ask": "run", "classIndex": 285, "warmMs": 100, "times": 2}   → {"ms": [169.1, 168.4]}

The first line is written when the network is open: {"ready": {"PACKAGE": "VERSION", ...}}.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

Explain = Callable[[int], np.ndarray]


def own_stdout() -> Any:
    """Return standard output for answers alone; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def milliseconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def timed(run: Callable[[], Any], warm_ms: float, times: int) -> list[float]:
    """Return the times of some runs, after untimed ones for at least `warm_ms`."""
    spent = milliseconds(run)
    while spent < warm_ms:
        spent += milliseconds(run)
    return [milliseconds(run) for _ in range(times)]


def serve(answers: Any, packages: list[str], explain: Explain, explain_at_size_of_layer: Explain) -> None:
    """Answer until standard input ends.

    `explain` is the call that users make and the one that is timed; `explain_at_size_of_layer` gives the same map
    before it is enlarged, to compare.
    """
    print(json.dumps({"ready": {name: version(name) for name in packages}}), file=answers, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        class_index = question["classIndex"]
        if question["ask"] == "map":
            values = np.asarray(explain_at_size_of_layer(class_index), np.float32)  # [h, w]
            answer = {"map": values.ravel().tolist(), "shape": list(values.shape)}
        else:
            answer = {"ms": timed(lambda: explain(class_index), question["warmMs"], question["times"])}
        print(json.dumps(answer), file=answers, flush=True)


def read_input(path: str) -> np.ndarray:
    """Return the photo as the networks take it, [1, 224, 224, 3]."""
    return np.fromfile(path, "<f4").reshape(1, 224, 224, 3)
