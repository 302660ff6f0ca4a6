import { type LimitName, limitNames, type LimitOptions, limits } from "../server/limits.ts";
import { numberRule, type OptionSpec } from "./option.ts";
import type { Values } from "./values.ts";

/** How a limit is set on the command line. */
interface LimitSpelling {
  readonly name: string;
  /** How its value is called in the help. */
  readonly value: string;
  /** What is limited, with its unit. */
  readonly description: string;
  /** How many of the limit's own units are one here. */
  readonly unit: number;
  /** The largest value that makes sense. */
  readonly max?: number;
}

const megabyte = { value: "MB", unit: 1_000_000 };
const second = { value: "SECONDS", unit: 1_000, max: 86_400 };
const one = { value: "N", unit: 1 };

/** Limits that have another name, or another unit, than in the library. */
const spellings: Readonly<Partial<Record<LimitName, LimitSpelling>>> = {
  maxBodyBytes: {
    ...megabyte,
    name: "max-body",
    description: "The largest upload accepted, in megabytes",
    max: 1000,
  },
  maxPixels: { ...one, name: "max-pixels", description: "The largest photo accepted, in pixels" },
  maxPhotoSide: {
    ...one,
    name: "max-photo-side",
    description: "The longest side of a photo accepted, in pixels",
  },
  maxDecodingBytes: {
    ...megabyte,
    name: "max-decoding-memory",
    description: "The most memory that decoding a photo may take, in megabytes, as it is estimated",
    max: 1_000_000,
  },
  maxReceivingBytes: {
    ...megabyte,
    name: "max-receiving-memory",
    description: "What all uploads that are being received may hold, in megabytes",
    max: 1_000_000,
  },
  maxReceiving: { ...one, name: "max-receiving", description: "How many uploads are received at a time" },
  bodyTimeoutMs: {
    ...second,
    name: "body-timeout",
    description: "How long an upload may take to arrive, in seconds",
  },
  minBytesPerSecond: {
    ...one,
    name: "min-rate",
    description: "How fast an upload comes at least, after five seconds, in bytes a second",
  },
  maxFields: {
    ...one,
    name: "max-fields",
    description: "How many fields a form may have, and how many parameters a URL",
  },
  maxFieldBytes: {
    ...one,
    name: "max-field-bytes",
    description: "How long a field of a form may be that is no file, in bytes",
  },
  maxClasses: {
    ...one,
    name: "max-classes",
    description: "How many classes may be explained at once, times the methods",
  },
  maxPasses: {
    ...one,
    name: "max-passes",
    description: "How many runs of the model, and ways back, the maps of a request may take",
  },
  maxSide: {
    ...one,
    name: "max-side",
    description: "The longer side of pictures that are drawn, in pixels; larger ones are reduced",
  },
  maxAnswerBytes: {
    ...megabyte,
    name: "max-answer",
    description: "The most numbers in JSON that one answer holds, in megabytes",
    max: 1000,
  },
  concurrency: {
    ...one,
    name: "concurrency",
    description: "How many photos are explained at a time where there are no workers; others wait",
    max: 64,
  },
  queue: {
    ...one,
    name: "queue",
    description: "How many more photos may wait; beyond them the answer is 503",
  },
  timeLimitMs: {
    ...second,
    name: "time-limit",
    description: "How long the work on one request may take, in seconds; then it is ended",
  },
};

/** A name as command lines have it: `maxFields` is `max-fields`. */
function inKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function spellingOf(limit: LimitName): LimitSpelling {
  return spellings[limit] ?? {
    ...one,
    name: inKebab(limit),
    description: `Limit: ${limits[limit].what}`,
  };
}

function optionOf(limit: LimitName): OptionSpec {
  const { default: usual, least } = limits[limit];
  const { name, value, description, unit, max = Infinity } = spellingOf(limit);
  const rule = numberRule({ min: least === 0 ? 0 : Math.max(least / unit, 0.001), max, whole: unit === 1 });
  return { name, value, group: "Limits", description: `${description} (default: ${usual / unit})`, rule };
}

/** The option of each limit, by the limit's name. */
export const limitOptionNames: ReadonlyMap<LimitName, string> = new Map(
  limitNames.map((limit) => [limit, spellingOf(limit).name]),
);

/** An option for each limit of the service. */
export const limitOptions: readonly OptionSpec[] = limitNames.map(optionOf);

/** The limits that a command line sets. */
export function readLimitOptions(values: Values): LimitOptions {
  const given = limitNames.map((limit) => {
    const { name, unit } = spellingOf(limit);
    const value = values.number(name);
    return [
      limit,
      value === undefined ? undefined : Math.max(Math.round(value * unit), limits[limit].least),
    ] as const;
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
