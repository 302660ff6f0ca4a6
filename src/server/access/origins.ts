/** Which origins' pages may ask. */
export class Origins {
  readonly #listed: ReadonlySet<string>;
  readonly #all: boolean;

  /**
   * @param cors An origin, some of them, or `"*"`.
   * @throws {RangeError} If one is no origin.
   */
  constructor(cors: string | readonly string[] = []) {
    const listed = [cors].flat();
    this.#all = listed.includes("*");
    this.#listed = new Set(listed.filter((origin) => origin !== "*").map(checkOrigin));
  }

  /** Whether any may ask. */
  get isEmpty(): boolean {
    return !this.#all && this.#listed.size === 0;
  }

  /** Whether the answer to one differs from that to another. */
  get vary(): boolean {
    return !this.#all && !this.isEmpty;
  }

  /** What an origin is told of who may ask; `undefined` if it may not. */
  allowed(origin: string | null): string | undefined {
    if (this.#all) return "*";
    return origin !== null && this.#listed.has(origin) ? origin : undefined;
  }
}

/** An origin as browsers send it. */
function checkOrigin(origin: string): string {
  if (URL.parse(origin)?.origin === origin) return origin;
  throw new RangeError(
    `Cannot let the origin ${
      JSON.stringify(origin)
    } ask: give scheme, host and port, such as "https://example.com"`,
  );
}
