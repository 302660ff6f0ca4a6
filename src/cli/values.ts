/** The values of a command line, checked against the command's options. */
export class Values {
  readonly #parsed: Readonly<Record<string, unknown>>;

  /**
   * @param operands What is not an option, in order.
   * @param parsed A boolean, a string or an array of strings for each option that was given.
   */
  constructor(readonly operands: readonly string[], parsed: Readonly<Record<string, unknown>>) {
    this.#parsed = parsed;
  }

  /** These with others in the places of those of the same name, and other operands. */
  with(others: Readonly<Record<string, unknown>>, operands = this.operands): Values {
    return new Values(operands, { ...this.#parsed, ...others });
  }

  /** Whether a switch was given. */
  flag(name: string): boolean {
    return this.#parsed[name] === true;
  }

  /** The value of an option, if it was given. */
  text(name: string): string | undefined {
    const value = this.#parsed[name];
    return typeof value === "string" ? value : undefined;
  }

  /** The value of an option whose rule is a number, if it was given. */
  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  /** All values of an option that may be given several times. */
  texts(name: string): readonly string[] {
    const value = this.#parsed[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }
}
