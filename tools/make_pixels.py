"""Make testdata/pixels: small networks whose way to see pixels is known.

Some have keras.applications' preprocess_input recorded in them, in all its modes and places. Others are the first
layers of networks of keras.applications up to the first batch normalisation, with random weights; the moving mean and
variance are those of the photos in a folder, scaled as the network wants them. Of the photos nothing else is kept.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 pillow
    python tools/make_pixels.py FOLDER_OF_PHOTOS
"""

import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import applications, layers
from PIL import Image

out = pathlib.Path(__file__).parent.parent / "testdata" / "pixels"
means = [103.939, 116.779, 123.68]
means_torch, deviations_torch = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def read_photos(folder, side):
    """Photos of a folder at a size, 0 to 255."""
    paths = sorted(path for path in pathlib.Path(folder).iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    photos = [Image.open(path).convert("RGB").resize((side, side), Image.BICUBIC) for path in paths]
    return np.stack([np.asarray(photo, "float32") for photo in photos])


def ending(x):
    """Two classes of a picture."""
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return layers.Dense(2, activation="softmax", name="classes")(x)


def save(name, model, entries, **known):
    """Save a model, and what is known of it."""
    model.save(out / f"{name}.keras")
    entries.append({"name": name, **known})


def recorded(entries):
    """Models that hold preprocess_input, before a convolution, before a nested network, and after augmentation."""
    modes = {
        "caffe": applications.resnet50.preprocess_input,
        "tf": applications.mobilenet_v2.preprocess_input,
        "torch": applications.densenet.preprocess_input,
    }
    for mode, preprocess in modes.items():
        for place in ("flat", "nested", "augmented"):
            keras.utils.set_random_seed(7)
            photo = keras.Input((40, 48, 3), name="photo")
            x = layers.RandomFlip("horizontal")(photo) if place == "augmented" else photo
            x = preprocess(x)
            body = [layers.Conv2D(6, 3, name="conv"), layers.BatchNormalization(name="norm"), layers.ReLU(name="relu")]
            if place == "nested":
                x = keras.Sequential([keras.Input((40, 48, 3)), *body], name="body")(x)
            else:
                for layer in body:
                    x = layer(x)
            save(f"recorded_{mode}_{place}", keras.Model(photo, ending(x)), entries, preprocessing="none", source="layers")


def layered(entries):
    """Models that begin with layers that scale."""
    starts = {
        "rescaling": ([layers.Rescaling(1 / 127.5, offset=-1)], "none"),
        "rescaling_unit": ([layers.Rescaling(2.0, offset=-1.0)], "unit"),
        "normalization": ([layers.Normalization(mean=[123.7, 116.3, 103.5], variance=[3409.0, 3262.0, 3291.0])], "none"),
        "normalization_unit": (
            [layers.Rescaling(1.0), layers.Normalization(mean=means_torch, variance=np.square(deviations_torch))],
            "unit",
        ),
        "both": (
            [layers.Rescaling(1 / 255), layers.Normalization(mean=means_torch, variance=np.square(deviations_torch))],
            "none",
        ),
    }
    for name, (start, expected) in starts.items():
        keras.utils.set_random_seed(8)
        photo = keras.Input((40, 48, 3), name="photo")
        x = photo
        for layer in start:
            x = layer(x)
        x = layers.Conv2D(6, 3, activation="relu", name="conv")(x)
        save(f"layers_{name}", keras.Model(photo, ending(x)), entries, preprocessing=expected, source="layers")


def first_layers(entries, folder):
    """The beginnings of networks, their first batch normalisation as photos leave it."""
    scale = {
        "tf": lambda x: x / 127.5 - 1,
        "unit": lambda x: x / 255,
        "torch": lambda x: (x / 255 - means_torch) / deviations_torch,
        "caffe": lambda x: x[..., ::-1] - means,
        "none": lambda x: x,
    }
    networks = {
        "resnet50": (applications.ResNet50, "caffe"),
        "resnet50v2": (applications.ResNet50V2, "tf"),
        "densenet121": (applications.DenseNet121, "torch"),
        "xception": (applications.Xception, "tf"),
        "inceptionv3": (applications.InceptionV3, "tf"),
        "inceptionresnetv2": (applications.InceptionResNetV2, "tf"),
        "mobilenet": (applications.MobileNet, "tf"),
        "mobilenetv2": (applications.MobileNetV2, "tf"),
        "nasnetmobile": (applications.NASNetMobile, "tf"),
        "mobilenetv3": (lambda **options: applications.MobileNetV3Small(include_preprocessing=False, **options), "tf"),
        "efficientnetv2": (lambda **options: applications.EfficientNetV2B0(include_preprocessing=False, **options), "torch"),
        "resnet50_on_unit": (applications.ResNet50, "unit"),
        "mobilenetv2_on_bytes": (applications.MobileNetV2, "none"),
        "densenet121_on_tf": (applications.DenseNet121, "tf"),
    }
    for name, (build, mode) in networks.items():
        keras.utils.set_random_seed(9)
        whole = build(weights=None, input_shape=(224, 224, 3))
        norm = next(layer for layer in whole.layers if isinstance(layer, layers.BatchNormalization))
        before = keras.Model(whole.input, norm.input)
        x = before.predict(scale[mode](read_photos(folder, 224)), batch_size=4, verbose=0)
        axes = tuple(range(x.ndim - 1))
        gamma, beta = norm.get_weights()[:2] if norm.scale else (None, norm.get_weights()[0])
        statistics = [x.mean(axes), x.var(axes)]
        norm.set_weights([*([gamma] if norm.scale else []), beta, *statistics])
        model = keras.Model(whole.input, ending(norm.output), name=name)
        save(f"first_{name}", model, entries, preprocessing=mode, source="batch-norm")


def main():
    out.mkdir(exist_ok=True)
    entries = []
    recorded(entries)
    layered(entries)
    first_layers(entries, sys.argv[1])
    record = {"made with": {"keras": keras.__version__, "numpy": np.__version__}, "networks": entries}
    (out / "index.json").write_text(json.dumps(record, indent=1) + "\n")


main()
