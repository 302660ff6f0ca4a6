import type { Json } from "../inbound.ts";
import type { KerasArray } from "../keras_file.ts";

/** A layer of Keras 1 that needs more than other names for its settings. */
export interface OldLayer {
  /** The class's name in Keras 1. */
  readonly className: string;
  /**
   * What it is called since Keras 2.
   * @default {className}
   */
  readonly today?: string;
  /**
   * Settings that replace those of the same names, once all were renamed.
   *
   * @param settings As Keras 2 spells them.
   * @param old As the file has them.
   */
  settings?(settings: Json, old: Json): Json;
  /** Why it cannot be had, in a few words; `undefined` where it can. */
  refuse?(old: Json): string | undefined;
  /**
   * Its weights as Keras 2 has them.
   *
   * @param arrays As the file has them.
   * @param old The settings, as the file has them.
   */
  arrays?(arrays: readonly KerasArray[], old: Json): readonly KerasArray[];
}
