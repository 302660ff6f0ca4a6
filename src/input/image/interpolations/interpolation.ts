/** A way to make pixels of a picture's pixels. */
export interface Interpolation<Name extends string = string> {
  /** What to call it, such as `"bicubic"`. */
  readonly name: Name;
  /** How far it reaches on either side, in pixels of the smaller picture. */
  readonly reach: number;
  /** Whether it takes pixels as they are, and is not widened when shrinking. */
  readonly isPicking?: true;
  /** How much a pixel counts, `distance` away. */
  weigh(distance: number): number;
}
