/** The deepest that lists and objects may lie in each other: those of a model inside twenty others come to 100. */
const maxNesting = 500;

/**
 * Whether a value is nested deeper than functions that call themselves can follow. Nothing that is read from a file may
 * be given to one before.
 *
 * @param json What `JSON.parse()` gave, which is itself not bothered by any depth.
 */
export function isNestedTooDeep(json: unknown): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxNesting) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null
        ? Object.values(value).filter((inner) => typeof inner === "object")
        : []
    );
  }
  return false;
}
