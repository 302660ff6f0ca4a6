/**
 * Tells a method's runs from all others at a place: what depends on the target alone must not be among them.
 *
 * @param method The method's name.
 * @param told What the runs depend on.
 */
export function runName(method: string, told: object): string {
  return `${method} ${JSON.stringify(told)}`;
}
