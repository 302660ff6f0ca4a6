"""Make testdata/onnx/keras: the networks of testdata/zoo as ONNX files, by tf2onnx.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 tf2onnx==VERSION onnx==ONNX
    python tools/make_keras_onnx.py [NAME …]

The networks, their weights and so their goldens are those of testdata/zoo. What tf2onnx cannot write is listed with its
reason in testdata/onnx/keras/absent.json.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from zoo_chain import Network
from zoo_networks import NETWORKS
from zoo_weights import build, draw_inputs

ROOT = Path(__file__).resolve().parent.parent
#: In turn, so that each is there many times.
OPSETS = (17, 13, 18, 11)


def convert(model: keras.Model, opset: int) -> onnx.ModelProto:
    """Return a model as tf2onnx writes it, from a function that is called once."""
    signature = [
        tf.TensorSpec([None, *tensor.shape[1:]], tf.float32, name=tensor.name) for tensor in model.inputs
    ]

    @tf.function(input_signature=signature)
    def compute(*given: tf.Tensor) -> dict[str, tf.Tensor]:
        results = model(list(given) if len(given) > 1 else given[0], training=False)
        results = results if isinstance(results, list) else [results]
        return {name: tf.identity(result, name=name) for name, result in zip(names(model), results, strict=True)}

    proto, _ = tf2onnx.convert.from_function(compute, input_signature=signature, opset=opset)
    return proto


def names(model: keras.Model) -> list[str]:
    """Return the names of the outputs' layers, which the goldens call them by."""
    return [tensor._keras_history.operation.name for tensor in model.outputs]  # noqa: SLF001


def strip(proto: onnx.ModelProto) -> None:
    proto.doc_string = ""
    proto.graph.doc_string = ""
    for node in proto.graph.node:
        node.doc_string = ""
    for tensor in proto.graph.initializer:
        tensor.doc_string = ""


def check(path: Path, network: Network, model: keras.Model) -> float:
    """Return how far ONNX Runtime is from Keras."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    values = draw_inputs(network, model)
    given = list(values.values())
    results = model(given if len(given) > 1 else given[0], training=False)
    results = results if isinstance(results, list) else [results]
    feed = dict(zip([entry.name for entry in session.get_inputs()], given, strict=True))
    found = dict(zip([entry.name for entry in session.get_outputs()], session.run(None, feed), strict=True))
    expected = dict(zip(names(model), [np.asarray(result) for result in results], strict=True))
    return max(float(np.abs(found[name] - value).max()) for name, value in expected.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="networks to make, all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/onnx/keras")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    absent: dict[str, str] = {}
    for number, network in enumerate(NETWORKS):
        if arguments.names and network.name not in arguments.names:
            continue
        path = arguments.out / f"{network.name}.onnx"
        path.unlink(missing_ok=True)
        try:
            model = build(keras, network)
            proto = convert(model, OPSETS[number % len(OPSETS)])
            strip(proto)
            onnx.save(proto, path)
            difference = check(path, network, model)
            if not difference < 1e-4:
                raise ValueError(f"ONNX Runtime differs from Keras by {difference:.1e}")
            print(f"{network.name:24} opset {proto.opset_import[0].version} {path.stat().st_size / 1e3:6.0f} kB {difference:.0e}", flush=True)
        except Exception as error:  # noqa: BLE001
            path.unlink(missing_ok=True)
            absent[network.name] = str(error).strip().split("\n")[0][:200]
            print(f"{network.name:24} {absent[network.name]}", flush=True)
    if not arguments.names:
        (arguments.out / "absent.json").write_text(json.dumps(absent, indent=1) + "\n")


if __name__ == "__main__":
    main()
