/** A network that all peers explain. */
export interface Network {
  /** How tables and files call it. */
  readonly name: string;
  /**
   * The layer that its map is taken at: by Keras's name the last one with a 4-D output, or the path of PyTorch's module
   * that is compared.
   */
  readonly layer: string;
  /** Whose network it is: those of Keras are carried over to PyTorch, those of PyTorch are read as ONNX alone. */
  readonly from: "keras" | "torch";
  /** Where its weights come from. */
  readonly weights: "shipped" | "random";
}

/** The networks, as the tables list them. */
export const networks: readonly Network[] = [
  { name: "EfficientNet-Lite0", layer: "head_relu", from: "keras", weights: "shipped" },
  { name: "MobileNetV2", layer: "out_relu", from: "keras", weights: "random" },
  { name: "ResNet50", layer: "conv5_block3_out", from: "keras", weights: "random" },
  { name: "VGG16", layer: "block5_pool", from: "keras", weights: "random" },
  { name: "ViT-B-16", layer: "0.encoder.layers.encoder_layer_11.ln_1", from: "torch", weights: "random" },
];
