"""Make the models of testdata/zoo: each network in all forms that the version of Keras at hand can write.

Run it twice, since TensorFlow.js's converter knows Keras 2 alone. With Keras 3:

    pip install tensorflow-cpu==2.21.0 keras==3.15.1
    python tools/make_zoo.py

With Keras 2, in an environment of its own:

    pip install tensorflow-cpu==2.15.1 "keras<3" tf-keras==2.15.* "numpy<2" tensorflow-hub six "packaging<24"
        "setuptools<80"
    pip install --no-deps tensorflowjs==4.22.0
    python tools/make_zoo.py

Then the maps, by the reference: `python tools/make_zoo_goldens.py`.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With oneDNN the optimiser fuses batch norms in a way that TensorFlow.js does not know.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
from zoo_chain import Network
from zoo_networks import NETWORKS
from zoo_weights import build, draw_inputs

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Form:
    """A file or folder that a network comes as."""

    name: str
    write: Callable[[Any, Path], None]


def save(model: Any, path: Path) -> None:
    model.save(path)


def forms_at_hand() -> tuple[Any, list[Form]]:
    """Return the module to build with and the forms that it can write."""
    if keras.__version__.startswith("3"):
        return keras, [Form("keras3.keras", save), Form("keras3.h5", save)]
    import tf_keras
    from zoo_tfjs import write_graph, write_layers

    return tf_keras, [
        Form("keras2.h5", save),
        Form("keras2.keras", save),
        Form("layers", write_layers),
        Form("graph", write_graph),
    ]


def make(directory: Path, network: Network, module: Any, forms: list[Form]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    wanted = [form for form in forms if network.why_absent(form.name) is None]
    for form in forms:
        if form not in wanted:
            remove(directory / form.name)
    if not wanted:
        return
    model = build(module, network, network.policy)
    values = draw_inputs(network, model)
    (directory / "input.f32").write_bytes(values[network.image].tobytes())
    for form in wanted:
        form.write(model, directory / form.name)
    # Said outright, since Keras 2's random layers are random otherwise.
    results = model(list(values.values()) if len(values) > 1 else values[network.image], training=False)
    results = results if isinstance(results, list) else [results]
    print(network.name, *(form.name for form in wanted), *(np.round(np.ravel(result)[:5], 3) for result in results))


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="networks to make, all by default")
    parser.add_argument("--out", type=Path, default=ROOT / "testdata/zoo")
    arguments = parser.parse_args()
    module, forms = forms_at_hand()
    for network in NETWORKS:
        if not arguments.names or network.name in arguments.names:
            make(arguments.out / network.name, network, module, forms)


if __name__ == "__main__":
    main()
