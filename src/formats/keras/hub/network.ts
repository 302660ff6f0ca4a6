import type { Json } from "../inbound.ts";

/** Sizes, the number of pictures first; `undefined` where nobody needs to know them. */
export type KnownShape = readonly (number | null)[] | undefined;

/** What a layer gives. */
export interface HubValue {
  readonly name: string;
  readonly shape: KnownShape;
}

/** Where an archive keeps a layer's arrays, within the group of the layer or model that holds it. */
export interface Stored {
  readonly group: string;
  /** Which arrays, by their paths from there; if left out, those of a layer of its class. */
  readonly arrays?: readonly string[];
}

/** Options of {@linkcode Network.layer}. */
export interface LayerOptions {
  /** Its settings besides its name, in Keras's own spelling. */
  readonly config?: Json;
  readonly stored?: Stored;
  /**
   * The shape of what it gives.
   * @default That of its first input.
   */
  readonly shape?: KnownShape;
  /** What Keras's code calls its class, where that differs, for archives that go by it. */
  readonly module?: string;
  /** Arguments in the place of its inputs alone. */
  readonly args?: readonly unknown[];
}

/** More layers than any preset has: a number of blocks in a file can be anything. */
const mostLayers = 20_000;

/** A value as Keras 3 writes it among the arguments of a call. */
export function tensorOf({ name, shape }: HubValue): Json {
  return { class_name: "__keras_tensor__", config: { keras_history: [name, 0, 0], shape } };
}

/** A functional model that is written layer by layer, as Keras 3 writes one. */
export class Network {
  readonly #name: string;
  readonly #layers: Json[] = [];
  readonly #inputs: HubValue[] = [];

  /** @param name The model's name. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @param shape With the number of pictures, `null`, first. */
  input(name: string, shape: readonly (number | null)[]): HubValue {
    const value = { name, shape };
    this.#layers.push({
      module: "keras.layers",
      class_name: "InputLayer",
      config: { batch_shape: shape, dtype: "float32", name },
      name,
      inbound_nodes: [],
    });
    this.#inputs.push(value);
    return value;
  }

  /**
   * A layer called once.
   *
   * @param named Its class and its name.
   * @param inputs What it takes; several are a list.
   */
  layer(
    [className, name]: readonly [className: string, name: string],
    inputs: HubValue | readonly HubValue[],
    { config = {}, stored, module = "keras.layers", args, ...options }: LayerOptions = {},
  ): HubValue {
    if (this.#layers.length >= mostLayers) throw new RangeError("Too many layers");
    const given = "name" in inputs ? tensorOf(inputs) : inputs.map(tensorOf);
    this.#layers.push({
      module,
      class_name: className,
      config: { name, ...config },
      name,
      ...(stored && { stored }),
      inbound_nodes: [{ args: args ?? [given], kwargs: {} }],
    });
    const [first] = [inputs].flat() as HubValue[];
    return { name, shape: "shape" in options ? options.shape : first!.shape };
  }

  /** The model that gives a value. */
  done(output: HubValue): Json {
    return {
      class_name: "Functional",
      config: {
        name: this.#name,
        layers: this.#layers,
        input_layers: this.#inputs.map(({ name }) => [name, 0, 0]),
        output_layers: [[output.name, 0, 0]],
      },
    };
  }
}
