/** What is wrong with a file, before whoever opens it has said which it is. */
export class Damage extends Error {
  /** The class's own name, also after minification. */
  override name = "Damage";
}

/** Give up reading a file. */
export function damaged(what: string): never {
  throw new Damage(what);
}
