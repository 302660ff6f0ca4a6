"""Make the models of testdata/zoo: each network as a TensorFlow.js layers model and as a graph model.

TensorFlow.js reads the topology of Keras 2, so this needs an environment of its own:

    pip install tensorflow-cpu==2.15.1 "keras<3" tf-keras==2.15.* "numpy<2" tensorflow-hub six "packaging<24"
        "setuptools<80"
    pip install --no-deps tensorflowjs==4.22.0

    python tools/make_zoo.py

Then the maps, by the reference, which needs Keras 3: `python tools/make_zoo_goldens.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With oneDNN the optimiser fuses batch norms in a way that TensorFlow.js does not know.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf
import tf_keras

# What the converter imports for formats that have no part here.
for absent in ["tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf"]:
    sys.modules[absent] = types.ModuleType(absent)
sys.modules["jax.experimental"].jax2tf = sys.modules["jax.experimental.jax2tf"]  # type: ignore[attr-defined]
sys.modules["jax.experimental.jax2tf"].convert = None  # type: ignore[attr-defined]

from layers_model import read_layers_model, write_layers_model
from tensorflowjs import converters
from zoo_networks import NETWORKS, Network
from zoo_weights import build, draw_input

ROOT = Path(__file__).resolve().parent.parent


def make(directory: Path, network: Network) -> None:
    model = build(tf_keras, network)
    x = draw_input(network, model.input_shape[1:])
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "input.f32").write_bytes(x.tobytes())
    write_layers(directory / "layers", model)
    write_graph(directory / "graph", model)
    outputs = model(x) if isinstance(model.output, list) else [model(x)]
    print(network.name, *(np.round(output.numpy()[0], 3) for output in outputs))


def write_layers(directory: Path, model: Any) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    converters.save_keras_model(model, str(directory))
    # Written again by the script that writes the embedded model too, for a topology that a diff can show.
    topology, weights = read_layers_model(directory)
    shutil.rmtree(directory)
    write_layers_model(directory, topology, weights, lambda _: "float32", "tf-keras 2.15, tools/make_zoo.py")


def write_graph(directory: Path, model: Any) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    with tempfile.TemporaryDirectory() as saved:
        tf.saved_model.save(model, saved)
        converters.convert_tf_saved_model(saved, str(directory))
    path = directory / "model.json"
    # In lines as above, and in one order: the converter's changes from run to run.
    text = json.dumps(json.loads(path.read_text()), separators=(",", ":"), sort_keys=True).replace("},{", "},\n{")
    path.write_text(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="networks to make, all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/zoo")
    arguments = parser.parse_args()
    for network in NETWORKS:
        if not arguments.names or network.name in arguments.names:
            make(arguments.out / network.name, network)


if __name__ == "__main__":
    main()
