/** What a filter undoes its work with. */
export interface FilterTask {
  /** What the filter noted for itself. */
  readonly values: readonly number[];
  /** The most bytes that may come out. */
  readonly maxSize: number;
}

/**
 * Undo a filter.
 *
 * @throws {Damage} If the bytes are none that it makes.
 */
export type Undo = (bytes: Uint8Array, task: FilterTask) => Uint8Array;
