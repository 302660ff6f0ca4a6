/** The form of bearer tokens, as RFC 6750 has it. */
const tokenForm = /^[\w~+/.-]+=*$/;

/** The bearer token that a request shows. */
export function bearerOf(request: Request): string | undefined {
  return /^bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

async function hash(token: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
}

/** Whether two hashes are the same; how long that takes says nothing of where they differ. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0;
  for (const [at, byte] of one.entries()) difference |= byte ^ other[at]!;
  return difference === 0;
}

/** The bearer tokens that let requests in. */
export class Tokens {
  readonly #hashes: Promise<readonly Uint8Array[]> | undefined;

  /**
   * @param tokens All of them; without any list no request needs one.
   * @throws {RangeError} If one has characters that no header can hold, or there is none.
   */
  constructor(tokens: readonly string[] | undefined) {
    if (!tokens) return;
    if (tokens.length === 0) {
      throw new RangeError("Cannot use no tokens: give one at least, or leave tokens out");
    }
    const at = tokens.findIndex((token) => !tokenForm.test(token));
    if (at >= 0) {
      throw new RangeError(
        `Cannot use token ${
          at + 1
        } of ${tokens.length}: use letters, digits and "-", ".", "_", "~", "+", "/"`,
      );
    }
    this.#hashes = Promise.all(tokens.map(hash));
  }

  /** Whether requests must show one. */
  get areNeeded(): boolean {
    return this.#hashes !== undefined;
  }

  /** Whether a token is one of them. All are compared, whatever the first comparisons say. */
  async has(token: string): Promise<boolean> {
    const given = await hash(token);
    let found = false;
    for (const known of await this.#hashes ?? []) found = isSame(given, known) || found;
    return found;
  }
}
