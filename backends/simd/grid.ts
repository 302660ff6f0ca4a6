import { type Part, partsOf } from "./tasks.ts";

/** Channels in a cache line: threads that write to the same one wait for each other. */
export const channelsOfLine = 16;

/** What is divided: a table of places and channels. */
interface Table {
  readonly places: number;
  readonly channels: number;
  /** Into how many tasks at most. */
  readonly most: number;
  /**
   * The fewest channels of a part.
   * @default {16}
   */
  readonly leastChannels?: number;
}

/** How places and channels are divided. */
export interface Grid {
  /** Into how many parts the places. */
  readonly down: number;
  readonly channels: readonly Part[];
}

/**
 * Divide what each weight and each number of the input is needed for: the longer way, so that each thread goes through as
 * little as can be.
 */
export function gridOf({ places, channels, most, leastChannels = channelsOfLine }: Table): Grid {
  const across = places < channels ? Math.min(most, Math.floor(channels / leastChannels)) : 1;
  const parts = partsOf(channels, across, channelsOfLine);
  const isEnough = 2 * parts.length >= most; // else each weight would be gone through more often
  return { down: isEnough ? 1 : Math.ceil(most / parts.length), channels: parts };
}
