import type { Feed } from "./feed.ts";

/** Work that was begun. */
interface Begun<Result> {
  readonly result: Promise<Result>;
  /** Resolves when the result is there, or why there is none. */
  readonly end: Promise<void>;
  hasEnded: boolean;
}

function begin<Result>(result: Promise<Result>): Begun<Result> {
  const begun: Begun<Result> = {
    result,
    end: result.then(() => {}, () => {}).then(() => void (begun.hasEnded = true)),
    hasEnded: false,
  };
  return begun;
}

/**
 * Work on items, several at once, and give the results in the items' order. No more than `limit` items are taken
 * before the first of their results is; while nobody asks for results none is.
 *
 * @param feed The items; an error of theirs comes after the results of those before it.
 * @param limit How many items may be under way, or done and waiting.
 * @param work What is done with an item.
 */
export async function* inOrder<Item, Result>(
  feed: Feed<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const begun: Begun<Result>[] = [];
  let taking: Promise<void> | undefined;
  let isOpen = true;
  let failure: { readonly error: unknown } | undefined;

  async function take(): Promise<void> {
    try {
      const next = await feed.next();
      if (next.done) isOpen = false;
      else begun.push(begin(work(next.value)));
    } catch (error) {
      isOpen = false;
      failure = { error };
    } finally {
      taking = undefined;
    }
  }

  while (true) {
    if (isOpen && begun.length < limit) taking ??= take();
    const first = begun[0];
    if (!first && !taking) break;
    await Promise.race([first?.end, taking].filter((promise) => promise !== undefined));
    if (!first?.hasEnded) continue;
    begun.shift();
    yield await first.result;
  }
  if (failure) throw failure.error;
}
