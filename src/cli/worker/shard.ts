import { isPermitted } from "../../platform/permission.ts";
import type { ValueRule } from "../option.ts";
import { UsageError } from "../usage_error.ts";
import { type ToldShard, toldShard } from "./array_jobs.ts";
import { resultEnding } from "./results/mod.ts";

/** Which part of a list is worked on: every `count`th, from the one of number `index` on. */
export interface Shard {
  /** Which it is, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/** All of a list. */
export const wholeList: Shard = { index: 0, count: 1 };

/** The most shards that there can be. */
const mostShards = 1_000_000;

function readShard(text: string): { index: number | undefined; count: number } | undefined {
  const [, index, count] = /^(\d{0,7})\/(\d{1,7})$/.exec(text) ?? [];
  const read = { index: index === "" ? undefined : Number(index), count: Number(count) };
  const fits = read.count >= 1 && read.count <= mostShards && (read.index ?? 0) < read.count;
  return fits ? read : undefined;
}

/** `I/N`, or `/N` where the engine says which. */
export const shardRule: ValueRule = {
  allowed: "I/N, such as 0/8 to 7/8, or /N where the environment says which",
  problem(text) {
    return readShard(text) ? undefined : `use ${this.allowed}`;
  },
};

/** A variable that may be read without asking for it. */
function variable(name: string): string | undefined {
  return isPermitted({ name: "env", variable: name }) === true ? Deno.env.get(name) : undefined;
}

/**
 * Which part of the list this process works on: as asked for, else as the engine says that started it.
 *
 * @param asked The value of `--shard`.
 * @param told What the engine says.
 * @throws {UsageError} If only a part of it is known.
 */
export function chooseShard(
  asked: string | undefined,
  told: ToldShard | undefined = toldShard(variable),
): Shard {
  const { index = told?.index, count = told?.count } = (asked === undefined ? undefined : readShard(asked)) ??
    {};
  if (asked === undefined && !told) return wholeList;
  if (index === undefined) {
    throw new UsageError(`Cannot use --shard ${asked}: nothing says which shard this is: use I/${count}`);
  }
  if (count === undefined) {
    throw new UsageError(`Cannot tell how many shards there are: ${told!.title} do not say: use --shard /N`);
  }
  if (index < 0 || index >= count) {
    throw new UsageError(`Cannot work on shard ${index} of ${count}: shards are counted from 0`);
  }
  return { index, count };
}

/** Whether an item of a list is in a shard. */
export function isInShard(at: number, { index, count }: Shard): boolean {
  return at % count === index;
}

/** A file's name with the shard in it, where there are several: `results-00003-of-00100.ndjson`. */
export function nameOfShard(path: string, { index, count }: Shard): string {
  if (count === 1) return path;
  const ending = resultEnding(path) ?? "";
  const stem = path.slice(0, path.length - ending.length);
  const digits = (value: number) => String(value).padStart(5, "0");
  return `${stem}-${digits(index)}-of-${digits(count)}${path.slice(stem.length)}`;
}
