/** The limits of a service: each is a whole number. `deno doc` and docs/service.md list what they are by default. */
export interface LimitOptions {
  /**
   * The largest request, in bytes.
   * @default {20000000}
   */
  readonly maxBodyBytes?: number | undefined;
  /**
   * The largest photo, in pixels.
   * @default {25000000}
   */
  readonly maxPixels?: number | undefined;
  /**
   * The longest side of a photo, in pixels.
   * @default {65535}
   */
  readonly maxPhotoSide?: number | undefined;
  /**
   * The memory that decoding a photo takes, in bytes, as its decoder's is estimated.
   * @default {250000000}
   */
  readonly maxDecodingBytes?: number | undefined;
  /**
   * How many bytes of bodies are held while they are received, of all requests together.
   * @default {200000000}
   */
  readonly maxReceivingBytes?: number | undefined;
  /**
   * How many bodies are received at a time.
   * @default {256}
   */
  readonly maxReceiving?: number | undefined;
  /**
   * How long a body may take to arrive, in milliseconds.
   * @default {60000}
   */
  readonly bodyTimeoutMs?: number | undefined;
  /**
   * How many bytes of a body come a second at least, on average, after the first five seconds.
   * @default {1000}
   */
  readonly minBytesPerSecond?: number | undefined;
  /**
   * How many fields a form has at most, and how many parameters a URL.
   * @default {200}
   */
  readonly maxFields?: number | undefined;
  /**
   * The longest field of a form that is no file, in bytes.
   * @default {100000}
   */
  readonly maxFieldBytes?: number | undefined;
  /**
   * How many classes are explained at once at most; several methods count as so many times the classes.
   * @default {20}
   */
  readonly maxClasses?: number | undefined;
  /**
   * How many runs of the model, and ways back, the maps of a request take at most.
   * @default {500}
   */
  readonly maxPasses?: number | undefined;
  /**
   * The longer side of pictures that are drawn, in pixels: larger ones are reduced.
   * @default {2048}
   */
  readonly maxSide?: number | undefined;
  /**
   * The longest answer in JSON, in bytes, as its maps are estimated.
   * @default {32000000}
   */
  readonly maxAnswerBytes?: number | undefined;
  /**
   * How many photos are explained at a time where there are no workers.
   * @default {1}
   */
  readonly concurrency?: number | undefined;
  /**
   * How many more photos may wait; beyond them the answer is 503.
   * @default {8}
   */
  readonly queue?: number | undefined;
  /**
   * How long the work on a request may take, in milliseconds; then it is ended.
   * @default {30000}
   */
  readonly timeLimitMs?: number | undefined;
}

/** The name of a limit. */
export type LimitName = keyof LimitOptions;

/** A limit that whoever runs a service can set, in numbers. */
export interface Limit {
  /** What it is where nothing else is said. */
  readonly default: number;
  /** The least that makes sense. */
  readonly least: number;
  /** What is limited, with its unit, for the help and the documentation. */
  readonly what: string;
  /** What becomes of a request beyond it. */
  readonly beyond: string;
}

const megabyte = 1_000_000;

function limit(value: number, least: number, what: string, beyond: string): Limit {
  return { default: value, least, what, beyond };
}

/** All limits of a service, by the names of their options. A new one is one line here and one in the options. */
export const limits: Readonly<Record<LimitName, Limit>> = Object.freeze({
  maxBodyBytes: limit(20 * megabyte, 1, "a request's body, in bytes", "413"),
  maxPixels: limit(25_000_000, 1, "a photo, in pixels", "422"),
  maxPhotoSide: limit(65_535, 1, "the longer side of a photo, in pixels", "422"),
  maxDecodingBytes: limit(
    250 * megabyte,
    1,
    "the memory to decode a photo, in bytes, as it is estimated",
    "422",
  ),
  maxReceivingBytes: limit(200 * megabyte, 1, "all bodies that are being received, in bytes", "503"),
  maxReceiving: limit(256, 1, "how many bodies are received at a time", "503"),
  bodyTimeoutMs: limit(60_000, 1, "how long a body may take to arrive, in milliseconds", "408"),
  minBytesPerSecond: limit(1_000, 0, "how fast a body comes at least, after five seconds, in bytes", "408"),
  maxFields: limit(200, 1, "the fields of a form, and the parameters of a URL", "400"),
  maxFieldBytes: limit(100_000, 1, "a field of a form that is no file, in bytes", "400"),
  maxClasses: limit(20, 1, "the classes that are explained at once, times the methods", "400"),
  maxPasses: limit(500, 0, "the runs of the model, and ways back, that maps take", "422"),
  maxSide: limit(2_048, 1, "the longer side of pictures that are drawn, in pixels", "is reduced"),
  maxAnswerBytes: limit(32 * megabyte, 1, "the numbers of an answer in JSON, in bytes", "422"),
  concurrency: limit(1, 1, "how many photos are explained at a time without workers", "waits"),
  queue: limit(8, 0, "how many photos may wait", "503"),
  timeLimitMs: limit(30_000, 1, "how long the work on a request may take, in milliseconds", "503"),
});

/** All limits, as they were set. */
export type Limits = Readonly<Record<LimitName, number>>;

/** The names of all limits. */
export const limitNames: readonly LimitName[] = Object.freeze(Object.keys(limits) as LimitName[]);

/**
 * All limits, with defaults for those that are left out.
 *
 * @param given Those that were set.
 * @throws {RangeError} If one is no whole number, or too small.
 */
export function readLimits(given: LimitOptions): Limits {
  const entries = limitNames.map((name) => {
    const { default: usual, least } = limits[name];
    const value = given[name] ?? usual;
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(`Cannot use ${name} ${value}: it is a whole number from ${least} up`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(entries) as Limits;
}
