import { nearest } from "./nearest.ts";
import { listed, quote } from "./quote.ts";

/**
 * The member of a registry that has a name.
 *
 * @param registry Its members.
 * @param name As in a member's `name`.
 * @param what What its members are called in the message, such as `"method"`.
 * @throws {RangeError} If there is none; the message lists what there is, the nearest names first.
 */
export function findNamed<Member extends { readonly name: string }>(
  registry: readonly Member[],
  name: string,
  what: string,
): Member {
  const found = registry.find((candidate) => candidate.name === name);
  if (found) return found;
  const names = registry.map((candidate) => candidate.name);
  throw new RangeError(
    `Unknown ${what} ${quote(name)}: use one of ${listed(nearest(name, names, names.length))}`,
  );
}
