"""From a photo to an overlay with pytorch-grad-cam, once: pytorch_grad_cam_cold.py PHOTO NETWORK WEIGHTS.pt THREADS OUT.png."""

from __future__ import annotations

import sys

from torch_networks import load  # before all that imports torchvision

import numpy as np
import torch
from PIL import Image
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.image import show_cam_on_image

photo_path, name, weights_path, threads, out = sys.argv[1:]
torch.set_num_threads(int(threads))
photo = Image.open(photo_path).convert("RGB")
pixels = np.asarray(photo.resize((224, 224), Image.Resampling.BICUBIC), np.float32)
x = torch.from_numpy(((pixels - 127) / 128).transpose(2, 0, 1)[np.newaxis])  # [1, 3, 224, 224]
network, layer = load(name, weights_path)
heatmap = GradCAM(model=network, target_layers=[layer])(input_tensor=x, targets=None)[0]  # of the best class, [224, 224]
enlarged = Image.fromarray(heatmap).resize(photo.size, Image.Resampling.BILINEAR)
overlay = show_cam_on_image(np.asarray(photo, np.float32) / 255, np.asarray(enlarged), use_rgb=True)
Image.fromarray(overlay).save(out)
