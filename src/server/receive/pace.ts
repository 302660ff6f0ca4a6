/** How fast bytes have to come. */
export interface PaceOptions {
  /** How long all of them may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How many come a second at least, on average. */
  readonly minBytesPerSecond: number;
  /**
   * After how long that is held to, in milliseconds.
   * @default {5000}
   */
  readonly graceMs?: number | undefined;
}

/** How often the average is looked at, in milliseconds. */
const lookEveryMs = 1000;

/** The longest that a timer can wait, in milliseconds. */
export const longestTimer: number = 2 ** 31 - 1;

/** Watches how fast bytes come, and tells when that is too slow. */
export class Pace {
  readonly #deadline: ReturnType<typeof setTimeout>;
  readonly #look: ReturnType<typeof setInterval>;

  /**
   * @param options How fast they have to come.
   * @param length How many have come.
   * @param onSlow Told when all of them take too long, or they come too slowly.
   */
  constructor(options: PaceOptions, length: () => number, onSlow: (why: "late" | "slow") => void) {
    const { timeoutMs, minBytesPerSecond, graceMs = 5000 } = options;
    const start = performance.now();
    this.#deadline = setTimeout(() => onSlow("late"), Math.min(timeoutMs, longestTimer));
    this.#look = setInterval(() => {
      const ms = performance.now() - start;
      if (ms >= graceMs && length() < minBytesPerSecond * ms / 1000) onSlow("slow");
    }, Math.min(lookEveryMs, graceMs));
  }

  /** Look no more. */
  end(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#look);
  }
}
