"""Write a model of Keras 2 as TensorFlow.js layers model and as graph model, by TensorFlow.js's own converter."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

import tensorflow as tf

# What the converter imports for formats that have no part here.
for absent in ["tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf"]:
    sys.modules[absent] = types.ModuleType(absent)
sys.modules["jax.experimental"].jax2tf = sys.modules["jax.experimental.jax2tf"]  # type: ignore[attr-defined]
sys.modules["jax.experimental.jax2tf"].convert = None  # type: ignore[attr-defined]

from tensorflowjs import converters


def write_layers(model: Any, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    converters.save_keras_model(model, str(directory))
    write_in_lines(directory / "model.json", sort_keys=False)


def write_graph(model: Any, directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    with tempfile.TemporaryDirectory() as saved:
        tf.saved_model.save(model, saved)
        converters.convert_tf_saved_model(saved, str(directory))
    # In one order, since the converter's changes from run to run.
    write_in_lines(directory / "model.json", sort_keys=True)


def write_in_lines(path: Path, sort_keys: bool) -> None:
    """Write JSON again, for a topology that a diff can show."""
    text = json.dumps(json.loads(path.read_text()), separators=(",", ":"), sort_keys=sort_keys)
    path.write_text(text.replace("},{", "},\n{") + "\n")
