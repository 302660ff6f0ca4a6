"""Build the Keras model of a TensorFlow.js layers model, from the very files that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
from layers_model import Weights, read_layers_model


def keras_model(directory: Path) -> keras.Model:
    """Return the Keras 3 model of a functional layers model with one input and one output.

    Float16 weights become the float32 numbers that they stand for, as in TensorFlow.js.
    """
    topology, weights = read_layers_model(directory)
    config = topology["config"]
    tensors: dict[str, Any] = {}
    for layer in config["layers"]:
        sources = [source for source, *_ in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else []
        tensors[layer["name"]] = apply(layer, [tensors[source] for source in sources])
    model = keras.Model(
        tensors[config["input_layers"][0][0]], tensors[config["output_layers"][0][0]], name=config["name"]
    )
    set_weights(model, weights)
    return model


def apply(layer: dict[str, Any], inputs: list[Any]) -> Any:
    if layer["class_name"] == "InputLayer":
        return keras.Input(layer["config"]["batch_input_shape"][1:], name=layer["name"])
    keras_layer = getattr(keras.layers, layer["class_name"])(**layer["config"])
    return keras_layer(inputs[0] if len(inputs) == 1 else inputs)


def set_weights(model: keras.Model, weights: Weights) -> None:
    """Set the weights by layer name, each layer's in the order of the manifest, which is that of Keras."""
    unused = set(weights)
    for layer in model.layers:
        names = [name for name in weights if name.rpartition("/")[0] == layer.name]
        layer.set_weights([weights[name] for name in names])
        unused.difference_update(names)
    if unused:
        raise ValueError(f"No layer takes the weights {sorted(unused)}")
