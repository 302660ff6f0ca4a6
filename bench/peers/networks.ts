/** A network that all peers explain. */
export interface Network {
  /** How tables and files call it. */
  readonly name: string;
  /** The layer that its map is taken at, by Keras's name: the last one with a 4-D output. */
  readonly layer: string;
  /** Where its weights come from. */
  readonly weights: "shipped" | "random";
}

/** The networks, as the tables list them. */
export const networks: readonly Network[] = [
  { name: "EfficientNet-Lite0", layer: "head_relu", weights: "shipped" },
  { name: "MobileNetV2", layer: "out_relu", weights: "random" },
  { name: "ResNet50", layer: "conv5_block3_out", weights: "random" },
  { name: "VGG16", layer: "block5_pool", weights: "random" },
];
