/**
 * What networks of keras-hub consist of.
 *
 * @module
 */
import type { HubValue, Network, Stored } from "./network.ts";

/** Options of {@linkcode convolution}. */
export interface ConvolutionOptions {
  readonly filters: number;
  readonly kernel: number | readonly [number, number];
  /** @default {1} */
  readonly strides?: number | readonly [number, number];
  /** @default {"valid"} */
  readonly padding?: "same" | "valid";
  /** @default {false} */
  readonly bias?: boolean;
  /** @default {"linear"} */
  readonly activation?: string;
  /** @default {1} */
  readonly groups?: number;
  readonly stored?: Stored;
  readonly shape?: HubValue["shape"];
}

/** A convolution over rows and columns. */
export function convolution(
  network: Network,
  [x, name]: readonly [x: HubValue, name: string],
  options: ConvolutionOptions,
): HubValue {
  const { filters, kernel, strides = 1, padding = "valid", bias = false, activation = "linear" } = options;
  return network.layer(["Conv2D", name], x, {
    config: {
      filters,
      kernel_size: [kernel, kernel].flat().slice(0, 2),
      strides: [strides, strides].flat().slice(0, 2),
      padding,
      groups: options.groups ?? 1,
      use_bias: bias,
      activation,
    },
    shape: options.shape,
    ...(options.stored && { stored: options.stored }),
  });
}

/** A batch norm. */
export function batchNorm(
  network: Network,
  [x, name]: readonly [HubValue, string],
  epsilon = 1e-3,
): HubValue {
  return network.layer(["BatchNormalization", name], x, { config: { axis: -1, epsilon } });
}

/** A layer that bends. */
export function activation(
  network: Network,
  [x, name]: readonly [HubValue, string],
  kind = "relu",
): HubValue {
  return network.layer(["Activation", name], x, { config: { activation: kind } });
}

/** Zeros around rows and columns. */
export function padded(network: Network, [x, name]: readonly [HubValue, string], by: unknown): HubValue {
  return network.layer(["ZeroPadding2D", name], x, { config: { padding: by }, shape: undefined });
}

/** Options of {@linkcode dense}. */
export interface DenseOptions {
  readonly units: number;
  /** @default {"linear"} */
  readonly activation?: unknown;
  /** @default {true} */
  readonly bias?: boolean;
  readonly stored?: Stored;
}

/** A dense layer of the last axis. */
export function dense(
  network: Network,
  [x, name]: readonly [x: HubValue, name: string],
  { units, activation = "linear", bias = true, stored }: DenseOptions,
): HubValue {
  return network.layer(["Dense", name], x, {
    config: { units, activation: activation ?? "linear", use_bias: bias },
    shape: x.shape && [...x.shape.slice(0, -1), units],
    ...(stored && { stored }),
  });
}

/** A layer norm of the last axis. */
export function layerNorm(
  network: Network,
  [x, name]: readonly [x: HubValue, name: string],
  { epsilon, stored }: { readonly epsilon: number; readonly stored?: Stored },
): HubValue {
  return network.layer(["LayerNormalization", name], x, {
    config: { axis: [-1], epsilon },
    ...(stored && { stored }),
  });
}

/** The mean of tokens. `[n, t, k]` → `[n, k]` */
export function meanOfTokens(network: Network, x: HubValue, name = "mean"): HubValue {
  return network.layer(["Mean", name], x, {
    module: "keras.src.ops.numpy",
    config: { axis: 1, keepdims: false },
    shape: x.shape && [x.shape[0]!, x.shape[2]!],
  });
}
