import type { Heatmap } from "../../base/heatmap.ts";
import type { Tensor4D } from "../../base/tensors.ts";

/** What a control can look at. */
export interface ControlScope {
  /** The model's input, `[1, H, W, C]`; it stays the caller's. */
  readonly picture: Tensor4D;
  /** Random numbers from 0 to below 1, the same for the same seed. */
  random(): () => number;
}

/** A map that knows nothing of the model: what a method must be better than. */
export interface NamedControl<Name extends string> {
  /** The name in options, such as `"random"`. */
  readonly name: Name;
  /** The name in print. */
  readonly title: string;
  /** One line for the help text. */
  readonly description: string;
  /** The map, as large as the model's input. */
  map(scope: ControlScope): Promise<Heatmap>;
}
