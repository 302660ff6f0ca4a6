"""Write a network of PyTorch as an ONNX file in one of many forms, and take out what tells of the machine."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime.quantization as quantization
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

NEWEST = 23
KEPT_METADATA = ("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy")
#: What would tell where a file was made.
TELLTALES = (b"/home/", b"/root/", b"/tmp/", b"/work/", b"/usr/", b"site-packages", b".py\"")


@dataclass(frozen=True)
class Form:
    """How a file is written: `torchscript17_float16` is by the older exporter, at opset 17, in half precision."""

    name: str

    @property
    def options(self) -> list[str]:
        return self.name.split("_", 1)[1:]

    @property
    def is_newer(self) -> bool:
        return not self.name.startswith("torchscript")

    @property
    def opset(self) -> int:
        exporter = self.name.split("_")[0]
        return NEWEST if exporter == "newest" else int(exporter.removeprefix("torchscript").removeprefix("dynamo"))

    def has(self, option: str) -> bool:
        return option in self.options

    @property
    def precision(self) -> str:
        """Return which goldens are the form's: rounded weights give other scores."""
        rounded = ("float16", "bfloat16", "qdq", "qoperator", "dynamic")
        return next((option for option in self.options if option in rounded), "float32")


def as_exported(model: nn.Module, form: Form) -> nn.Module:
    """Return the model as it is given to the exporter."""
    model = copy.deepcopy(model)
    if form.precision == "float16":
        return model.half()
    return model.double() if form.has("float64") else model


def rounded(model: nn.Module, form: Form) -> nn.Module:
    """Return the model that computes in single precision with the weights of a form."""
    model = copy.deepcopy(model)
    if form.precision == "float16":
        return model.half().float()
    if form.precision == "bfloat16":
        return model.bfloat16().float()
    return model


def export(model: nn.Module, x: torch.Tensor, form: Form, path: Path) -> None:
    """Write a model; beside it lies `NAME.onnx.data` where its weights are external."""
    exported = as_exported(model, form)
    x = x.to(next(exported.parameters()).dtype)
    given = {"input_names": ["pixel_values"], "output_names": ["logits"], "opset_version": form.opset}
    torch.backends.mha.set_fastpath_enabled(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if form.is_newer:
            export_newer(exported, x, form, path, given)
        else:
            export_older(exported, x, form, path, given)
    strip(path)
    if form.precision in CHANGES:
        CHANGES[form.precision](path, x)
    check(path)


def export_older(model: nn.Module, x: torch.Tensor, form: Form, path: Path, given: dict) -> None:
    names = {"batch": {0: "batch"}, "any_size": {0: "batch", 2: "height", 3: "width"}}
    free = next((names[option] for option in form.options if option in names), None)
    # The weights of half precision are rounded as they are, not folded with their batch norms.
    training = torch.onnx.TrainingMode.PRESERVE if form.has("float16") else torch.onnx.TrainingMode.EVAL
    axes = {"pixel_values": free, "logits": {0: "batch"}} if free else None
    torch.onnx.export(model, (x,), str(path), dynamo=False, training=training, dynamic_axes=axes, **given)


def export_newer(model: nn.Module, x: torch.Tensor, form: Form, path: Path, given: dict) -> None:
    shapes = None
    if form.has("batch") or form.has("any_size"):
        x = torch.cat([x, x])  # a batch of one would be taken for a size that never changes
        free = {0: torch.export.Dim.DYNAMIC}
        if form.has("any_size"):
            free |= {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
        shapes = (free,)
    torch.onnx.export(
        model, (x,), str(path), dynamo=True, dynamic_shapes=shapes, external_data=form.has("external"),
        optimize=not (form.has("unoptimised") or form.has("unfolded") or form.has("float16")), verbose=False, **given,
    )  # fmt: skip


def strip(path: Path) -> None:
    """Take out of a file what its authors' machine is known by, and all that nobody reads."""
    model = onnx.load(path, load_external_data=False)
    model.doc_string = ""
    del model.metadata_props[:]
    for graph in graphs_of(model):
        graph.doc_string = ""
        del graph.metadata_props[:]
        for node in graph.node:
            strip_node(node)
        for value in [*graph.input, *graph.output, *graph.value_info, *graph.initializer]:
            value.doc_string = ""
            del value.metadata_props[:]
    for function in model.functions:
        function.doc_string = ""
        del function.metadata_props[:]
        for node in function.node:
            strip_node(node)
    onnx.save(model, path)


def strip_node(node: onnx.NodeProto) -> None:
    node.doc_string = ""
    kept = [entry for entry in node.metadata_props if entry.key in KEPT_METADATA]
    kept = [(entry.key, entry.value) for entry in kept]
    del node.metadata_props[:]
    for key, value in kept:
        node.metadata_props.add(key=key, value=value)


def graphs_of(model: onnx.ModelProto) -> Iterator[onnx.GraphProto]:
    waiting = [model.graph]
    while waiting:
        graph = waiting.pop()
        yield graph
        waiting += [attribute.g for node in graph.node for attribute in node.attribute if attribute.HasField("g")]


def check(path: Path) -> None:
    content = path.read_bytes()
    for telltale in TELLTALES:
        if telltale in content:
            at = content.index(telltale)
            raise ValueError(f"{path.name} tells where it was made: {content[max(at - 40, 0) : at + 40]!r}")
    onnx.checker.check_model(str(path))


def narrow(path: Path, _: torch.Tensor) -> None:
    """Store the weights of a file as bfloat16, each cast back where it is used."""
    model = onnx.load(path)
    graph = model.graph
    casts = []
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = torch.from_numpy(numpy_helper.to_array(tensor).copy()).to(torch.bfloat16)
        raw = values.view(torch.int16).numpy().tobytes()
        stored = helper.make_tensor(f"{tensor.name}.stored", TensorProto.BFLOAT16, tensor.dims, raw, raw=True)
        graph.initializer.append(stored)
        casts.append(helper.make_node("Cast", [stored.name], [tensor.name], f"cast {tensor.name}", to=TensorProto.FLOAT))
        graph.initializer.remove(tensor)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, path)


class Calibration(quantization.CalibrationDataReader):
    """One picture, somewhat enlarged in its range, so that nothing is cut off when it is computed with."""

    def __init__(self, x: torch.Tensor) -> None:
        self.rest = [{"pixel_values": (x * factor).numpy()} for factor in (1, 1.3)]

    def get_next(self) -> dict[str, np.ndarray] | None:
        return self.rest.pop() if self.rest else None


def quantise(path: Path, x: torch.Tensor, layout: quantization.QuantFormat) -> None:
    source = path.with_suffix(".float.onnx")
    path.rename(source)
    try:
        quantization.quantize_static(
            source, path, Calibration(x), layout, per_channel=True,
            activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8,
            op_types_to_quantize=["Conv", "Add", "MatMul", "Relu", "Gemm"] if layout == quantization.QuantFormat.QDQ
            else ["Conv", "MatMul"],
        )  # fmt: skip
    finally:
        source.unlink()
    strip(path)


def quantise_dynamically(path: Path, _: torch.Tensor) -> None:
    source = path.with_suffix(".float.onnx")
    path.rename(source)
    try:
        quantization.quantize_dynamic(source, path, op_types_to_quantize=["Conv", "MatMul", "Gemm"])
    finally:
        source.unlink()
    strip(path)


CHANGES = {
    "bfloat16": narrow,
    "qdq": lambda path, x: quantise(path, x, quantization.QuantFormat.QDQ),
    "qoperator": lambda path, x: quantise(path, x, quantization.QuantFormat.QOperator),
    "dynamic": quantise_dynamically,
}


def dequantised(path: Path, model: nn.Module) -> nn.Module:
    """Return a model whose weights are those of a quantised file, as numbers again."""
    graph = onnx.load(path).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    bias_scales = {
        node.input[8]: tensors[node.input[1]] * tensors[node.input[4]]
        for node in graph.node
        if node.op_type == "QLinearConv" and len(node.input) > 8
    }
    model = copy.deepcopy(model)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = numbers_of(name, tensors, bias_scales)
            if values.shape != tuple(parameter.shape):
                values = values.T
            parameter.copy_(torch.from_numpy(np.array(values, np.float32)))
    return model


def numbers_of(name: str, tensors: dict[str, np.ndarray], bias_scales: dict[str, np.ndarray]) -> np.ndarray:
    """Return the numbers of a parameter, by the names that ONNX Runtime's quantiser gives its parts."""
    if name in tensors:
        return tensors[name]
    stored = next(entry for entry in tensors if entry.startswith(name) and entry.endswith("_quantized"))
    values = tensors[stored].astype(np.float64)
    if stored in bias_scales:
        return values * bias_scales[stored]
    scale, zero = (
        next(tensors[entry] for entry in (stored + end, stored.removesuffix("_quantized") + end) if entry in tensors)
        for end in ("_scale", "_zero_point")
    )
    spread = (-1,) + (1,) * (values.ndim - 1)
    return (values - zero.astype(np.float64).reshape(spread)) * scale.astype(np.float64).reshape(spread)
