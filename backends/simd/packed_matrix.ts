/** A matrix in the order in which the kernels read it: panels of eight channels, the last filled up with zeros. */
export interface PackedMatrix {
  /** Rows. */
  readonly taps: number;
  /** Columns. */
  readonly channels: number;
}

/** Channels of a panel. */
const panelChannels = 8;

/** How many numbers it takes, packed. */
export function packedSize({ taps, channels }: PackedMatrix): number {
  return taps * Math.ceil(channels / panelChannels) * panelChannels;
}

/** Put a matrix back in order, `[taps, channels]`. */
export function unpackMatrix(
  packed: Float32Array,
  { taps, channels }: PackedMatrix,
  to: Float32Array,
): void {
  for (let first = 0; first < channels; first += panelChannels) {
    const lanes = Math.min(panelChannels, channels - first);
    let from = first * taps, at = first;
    for (let tap = 0; tap < taps; tap++) {
      for (let lane = 0; lane < lanes; lane++) to[at + lane] = packed[from + lane]!;
      from += panelChannels;
      at += channels;
    }
  }
}
