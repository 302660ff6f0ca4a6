/** A colour map as its file holds it. */
export interface ColormapSource<Name extends string> {
  /** The name, such as `"viridis"`. */
  readonly name: Name;
  /** One line for the help. */
  readonly description: string;
  /** Whether it has a neutral middle, for maps whose zero is there. */
  readonly isDiverging?: true;
  /** 256 colours, red, green and blue a byte each, in base 64. */
  readonly table: string;
}

/** A colour map: 256 colours from low to high. */
export interface NamedColormap<Name extends string> {
  /** The name, such as `"viridis"`. */
  readonly name: Name;
  /** One line for the help. */
  readonly description: string;
  /** Whether it has a neutral middle, for maps whose zero is there. */
  readonly isDiverging: boolean;
  /** 256 × 3 values, 0 to 255, the same as matplotlib's. */
  readonly colors: Uint8Array;
}
