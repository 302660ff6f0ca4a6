/** A layer of a Keras configuration, and those inside it. */
export interface LayerNode {
  readonly name: string;
  /** The class's own name, without that of the package which registered it. */
  readonly className: string;
  /** Whether training changes its weights; nothing inside a model does so whose own setting forbids it. */
  readonly trainable: boolean;
  /** The layers of a nested model, in the order of its configuration; empty for a plain layer. */
  readonly layers: readonly LayerNode[];
  /** Its own configuration, where that was kept. */
  readonly settings?: JsonRecord;
  /** Whether its layers were written out by the settings of its class, not in the order that Keras keeps them in. */
  readonly isWrittenOut?: boolean;
  /** Where an archive keeps its arrays, if not where those of its class lie. */
  readonly stored?: StoredAt;
}

/** Where an archive keeps a layer's arrays, within the group of what holds it. */
export interface StoredAt {
  readonly group: string;
  /** Which arrays, by their paths from there; if left out, those of a layer of its class. */
  readonly arrays?: readonly string[];
}

/** An object as JSON has it. */
type JsonRecord = Readonly<Record<string, unknown>>;

function asRecord(value: unknown): JsonRecord {
  return typeof value === "object" && value !== null ? value as JsonRecord : {};
}

/** Operations such as an addition that a functional model recorded are listed among the layers, but are none. */
function isOperation(layer: JsonRecord): boolean {
  return String(layer.module ?? "").startsWith("keras.src.ops");
}

/**
 * The layers of a configuration as a tree.
 *
 * @param configuration `{ class_name, config }` of a model or a layer; old Sequential models have a bare list.
 */
export function readLayerTree(configuration: unknown): LayerNode {
  return readNode(configuration, true);
}

function readNode(configuration: unknown, mayTrain: boolean): LayerNode {
  const layer = asRecord(configuration);
  const config = asRecord(layer.config);
  const list = Array.isArray(layer.config) ? layer.config : config.layers;
  const trainable = mayTrain && config.trainable !== false;
  const { class_in_file: className = layer.class_name ?? "", stored } = layer;
  return {
    name: String(config.name ?? layer.name ?? ""),
    className: String(className).split(">").at(-1)!,
    trainable,
    settings: config,
    ...(layer.class_in_file !== undefined && { isWrittenOut: true }),
    ...(stored !== undefined && { stored: stored as StoredAt }),
    layers: Array.isArray(list)
      ? list.map(asRecord).filter((item) => !isOperation(item)).map((item) => readNode(item, trainable))
      : [],
  };
}

/** The plain layers inside a node with their paths, in order; the node itself where it is one. */
export function leavesOf(
  node: LayerNode,
  path: readonly string[] = [],
): { path: readonly string[]; node: LayerNode }[] {
  if (node.layers.length === 0) return [{ path, node }];
  return node.layers.flatMap((child) => leavesOf(child, [...path, child.name]));
}

/** Whether a layer, or one inside it, was written out by the settings of its class. */
export function isWrittenOut(node: LayerNode): boolean {
  return node.isWrittenOut === true || node.layers.some(isWrittenOut);
}
