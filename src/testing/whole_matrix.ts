/** Whether tests leave nothing out, as `deno task matrix` has it; else slow backends are given a part. */
export const isWhole: boolean = Boolean(Deno.env.get("WHOLE_MATRIX"));

/**
 * Every so-many-th of a list, for backends that take long for each; all of it where tests leave nothing out.
 *
 * @param first Where to begin, so that several lists are not all cut alike.
 */
export function everyNth<Item>(items: Iterable<Item>, count: number, first = 0): Item[] {
  return [...items].filter((_, at) => isWhole || at % count === first % count);
}
