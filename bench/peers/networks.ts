/** A network that all peers explain. */
export interface Network {
  /** How tables call it. */
  readonly name: string;
  /** How its files are called, and what peers know it by. */
  readonly file: string;
  /**
   * The layer that its map is taken at: by Keras's name the last one with a 4-D output, or the path of PyTorch's module
   * that is compared.
   */
  readonly layer: string;
  /** Whose network it is: those of Keras are carried over to PyTorch, those of PyTorch are read as ONNX alone. */
  readonly from: "keras" | "torch";
  /** Where its weights come from. */
  readonly weights: "shipped" | "random";
  /** Whether the map is taken at another layer than the last of pictures, which a peer must be told. */
  readonly isInner?: boolean;
  /** How many weights it has, where memory is told in them. */
  readonly parameters?: number;
  /** Multiply-adds of its forward pass, counted as direct convolutions, where what a processor can do is told beside it. */
  readonly multiplyAdds?: number;
}

/** The networks, as the tables list them. */
export const networks: readonly Network[] = [
  {
    name: "EfficientNet-Lite0",
    file: "EfficientNet-Lite0",
    layer: "head_relu",
    from: "keras",
    weights: "shipped",
  },
  { name: "MobileNetV2", file: "MobileNetV2", layer: "out_relu", from: "keras", weights: "random" },
  {
    name: "ResNet50",
    file: "ResNet50",
    layer: "conv5_block3_out",
    from: "keras",
    weights: "random",
    parameters: 25_636_712,
    multiplyAdds: 3_857_973_248,
  },
  {
    name: "VGG16",
    file: "VGG16",
    layer: "block5_pool",
    from: "keras",
    weights: "random",
    parameters: 138_357_544,
    multiplyAdds: 15_470_264_320,
  },
  {
    name: "ViT-B-16",
    file: "ViT-B-16",
    layer: "0.encoder.layers.encoder_layer_11.ln_1",
    from: "torch",
    weights: "random",
  },
  {
    name: "EfficientNet-Lite0 at block5_depthwise_relu",
    file: "EfficientNet-Lite0",
    layer: "block5_depthwise_relu",
    from: "keras",
    weights: "shipped",
    isInner: true,
  },
  {
    name: "ResNet50 at conv3_block4_out",
    file: "ResNet50",
    layer: "conv3_block4_out",
    from: "keras",
    weights: "random",
    isInner: true,
  },
];
