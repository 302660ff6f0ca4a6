"""Write the networks of testdata/zoo as ONNX files, `tf2onnx.onnx` beside their other forms.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 tf2onnx==1.17.0 onnx==1.23.2 onnxruntime==1.32.0
    python tools/make_keras_onnx.py [NAME …]

The networks, their weights and so their goldens are those of `make_zoo.py`; then `deno run -A tools/name_zoo_nodes.ts`
adds the names of the nodes. ONNX Runtime's scores for each file must be Keras's. A network that has no such form says
why where it is defined.
"""

from __future__ import annotations

import argparse
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
FORM = "tf2onnx.onnx"
#: In turn, so that each is there many times.
OPSETS = (17, 13, 18, 11)


def convert(model: keras.Model, opset: int) -> onnx.ModelProto:
    """Return a model as tf2onnx writes it, from a function that is called once."""
    signature = [
        tf.TensorSpec([None, *tensor.shape[1:]], tf.float32, name=tensor.name) for tensor in model.inputs
    ]

    @tf.function(input_signature=signature)
    def compute(*given: tf.Tensor) -> list[tf.Tensor]:
        results = model(list(given) if len(given) > 1 else given[0], training=False)
        return results if isinstance(results, list) else [results]

    proto, _ = tf2onnx.convert.from_function(compute, input_signature=signature, opset=opset)
    name_outputs(proto.graph, names(model))
    return proto


def name_outputs(graph: onnx.GraphProto, wanted: list[str]) -> None:
    """Call the outputs, in their order, as Keras does."""
    new = dict(zip([output.name for output in graph.output], wanted, strict=True))
    for output in graph.output:
        output.name = new[output.name]
    for node in graph.node:
        node.input[:] = [new.get(name, name) for name in node.input]
        node.output[:] = [new.get(name, name) for name in node.output]


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
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/zoo")
    arguments = parser.parse_args()
    failed = []
    for number, network in enumerate(NETWORKS):
        if arguments.names and network.name not in arguments.names:
            continue
        path = arguments.out / network.name / FORM
        path.unlink(missing_ok=True)
        if network.why_absent(FORM):
            continue
        try:
            make(path, network, OPSETS[number % len(OPSETS)])
        except Exception as error:
            path.unlink(missing_ok=True)
            failed.append(f"{network.name}: {str(error).strip()[:300]}")
            print(failed[-1], flush=True)
    if failed:
        raise SystemExit(f"{len(failed)} failed")


def make(path: Path, network: Network, opset: int) -> None:
    model = build(keras, network)
    proto = convert(model, opset)
    strip(proto)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(proto, path)
    difference = check(path, network, model)
    if not difference < 1e-4:
        raise ValueError(f"ONNX Runtime differs from Keras by {difference:.1e}")
    print(f"{network.name:24} opset {opset} {path.stat().st_size / 1e3:6.0f} kB {difference:.0e}", flush=True)


if __name__ == "__main__":
    main()
