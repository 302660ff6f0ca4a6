"""Peers with EfficientNet-Lite0, as a service or a job would keep them: a model that is open explains its best class."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np

# The best class, its score, and the map [h, w] of 0 to 1, of an input [1, 224, 224, 3].
Explain = Callable[[np.ndarray], tuple[int, float, np.ndarray]]


def open_aucmedi(model_path: str, threads: int) -> Explain:
    import keras
    import tensorflow as tf
    from aucmedi.xai.methods.gradcam import GradCAM

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    model = keras.models.load_model(model_path, compile=False)
    cam = GradCAM(model)  # the last layer that has a 4-D output

    def explain(x: np.ndarray) -> tuple[int, float, np.ndarray]:
        scores = model.predict_on_batch(x)[0]
        best = int(np.argmax(scores))
        return best, float(scores[best]), cam.compute_heatmap(x, best)

    return explain


def open_pytorch_grad_cam(weights_path: str, threads: int) -> Explain:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "peers/python"))
    from torch_networks import load  # before all that imports torchvision

    import torch
    from pytorch_grad_cam import GradCAM

    torch.set_num_threads(threads)
    network, layer = load("EfficientNet-Lite0", weights_path)
    cam = GradCAM(model=network, target_layers=[layer])
    one_at_a_time = Lock()  # the CAM keeps the activations of the photo that it explains

    def explain(x: np.ndarray) -> tuple[int, float, np.ndarray]:
        with one_at_a_time:
            heatmap = cam(input_tensor=torch.from_numpy(x.transpose(0, 3, 1, 2).copy()), targets=None)[0]
            scores = cam.outputs.detach().softmax(1)[0]
        best = int(scores.argmax())
        return best, float(scores[best]), heatmap

    return explain


PEERS = {"aucmedi": open_aucmedi, "pytorch-grad-cam": open_pytorch_grad_cam}


@functools.cache
def open_peer(peer: str, model_path: str, threads: int) -> Explain:
    """Open a peer's model, once in a process."""
    return PEERS[peer](model_path, threads)
