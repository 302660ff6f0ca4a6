/**
 * A stand-in for `jsr:@std/cli/parse-args` where JSR cannot be reached: the same call and the same answers for
 * just the options that this package uses (`string`, `boolean`, `collect`, `negatable`, `alias`, `default`,
 * `unknown`; names without dots). It is linked in deno.json, never published, and users never meet it.
 *
 * @module
 */

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions {
  /** Options whose value stays a string; `"_"` stands for the positional arguments. */
  readonly string?: string | readonly string[];
  /** Options that take no value. */
  readonly boolean?: string | readonly string[];
  /** Options that may be given several times: their values make an array. */
  readonly collect?: string | readonly string[];
  /** Options that `--no-NAME` sets to false. */
  readonly negatable?: string | readonly string[];
  /** Other spellings of an option. */
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Values of options that were not given. */
  readonly default?: Readonly<Record<string, unknown>>;
  /** Called for what no option covers, positional arguments included; `false` drops it. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The value returned by {@linkcode parseArgs}. */
export type Args = Record<string, unknown> & { _: (string | number)[] };

function list(names: string | readonly string[] = []): string[] {
  return [names].flat().filter((name) => name !== "");
}

function looksNumeric(text: string): boolean {
  return /^0x[0-9a-f]+$/i.test(text) || /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text);
}

/** `name=value` at the first `=` that has something on both sides. */
function splitAtEquals(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf("=", 1);
  return at < 0 || at === text.length - 1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

class Parser {
  readonly result: Args = { _: [] };
  readonly #options: ParseOptions;
  readonly #spellings = new Map<string, string[]>();
  readonly #strings: Set<string>;
  readonly #booleans: Set<string>;
  readonly #collected: Set<string>;
  readonly #negatable: Set<string>;
  readonly #queue: string[];

  constructor(args: readonly string[], options: ParseOptions) {
    this.#options = options;
    this.#queue = [...args];
    for (const [name, aliases] of Object.entries(options.alias ?? {})) {
      const all = [name, ...[aliases].flat()];
      for (const spelling of all) this.#spellings.set(spelling, all);
    }
    const expand = (names?: string | readonly string[]) => new Set(list(names).flatMap((n) => this.#all(n)));
    this.#strings = expand(options.string);
    this.#booleans = expand(options.boolean);
    this.#collected = expand(options.collect);
    this.#negatable = expand(options.negatable);
  }

  parse(): Args {
    for (let arg = this.#queue.shift(); arg !== undefined; arg = this.#queue.shift()) {
      if (arg.startsWith("--") && arg.length > 2) this.#long(arg);
      else if (arg.startsWith("-") && arg.length > 1) this.#short(arg);
      else if (this.#options.unknown?.(arg) !== false) {
        this.result._.push(!this.#strings.has("_") && looksNumeric(arg) ? Number(arg) : arg);
      }
    }
    return this.#fill();
  }

  #all(name: string): string[] {
    return this.#spellings.get(name) ?? [name];
  }

  #long(arg: string): void {
    const negated = arg.startsWith("--no-") && arg.length > 5;
    const [name, value] = splitAtEquals(arg.slice(negated ? 5 : 2));
    if (value !== undefined) {
      return this.#set(arg, name, this.#booleans.has(name) ? value !== "false" : value);
    }
    if (negated && this.#negatable.has(name)) return this.#set(arg, name, false, false);
    const key = negated ? `no-${name}` : name;
    this.#set(arg, key, this.#valueFor(key, /^-/));
  }

  #short(arg: string): void {
    for (let at = 1; at < arg.length - 1; at++) {
      const letter = arg[at]!;
      const rest = arg.slice(at + 1);
      const alphabetic = /[A-Za-z]/.test(letter);
      if (rest === "-") {
        this.#set(arg, letter, rest);
      } else if (alphabetic && rest.includes("=")) {
        return this.#set(arg, letter, /=(.+)/.exec(rest)?.[1]);
      } else if (
        (alphabetic && /\d+(\.\d*)?(e-?\d+)?$/.test(rest)) || (rest.length > 1 && /^\W/.test(rest))
      ) {
        return this.#set(arg, letter, rest);
      } else {
        this.#set(arg, letter, this.#strings.has(letter) ? "" : true);
      }
    }
    const last = arg.at(-1)!;
    if (last !== "-") this.#set(arg, last, this.#valueFor(last, /^--?[^-]/));
  }

  /** The next argument, where it can be this option's value. */
  #valueFor(key: string, notValue: RegExp): string | boolean {
    const next = this.#queue[0];
    const takesValue = !this.#all(key).some((spelling) => this.#booleans.has(spelling));
    if (next && takesValue && !notValue.test(next)) return this.#queue.shift()!;
    if (next === "true" || next === "false") return this.#queue.shift() === "true";
    return this.#strings.has(key) ? "" : true;
  }

  #set(arg: string, key: string, value: string | boolean | undefined, collect = true): void {
    const known = this.#strings.has(key) || this.#booleans.has(key) || this.#spellings.has(key);
    if (!known && this.#options.unknown?.(arg, key, value) === false) return;
    const numeric = typeof value === "string" && !this.#strings.has(key) && looksNumeric(value);
    const stored = numeric ? Number(value) : value;
    for (const spelling of this.#all(key)) {
      const before = this.result[spelling];
      if (!collect || !this.#collected.has(key)) this.result[spelling] = stored;
      else if (Array.isArray(before)) before.push(stored);
      else this.result[spelling] = before ? [before, stored] : [stored];
    }
  }

  #fill(): Args {
    for (const [key, value] of Object.entries(this.#options.default ?? {})) {
      if (Object.hasOwn(this.result, key)) continue;
      for (const spelling of this.#all(key)) this.result[spelling] = value;
    }
    for (const key of [...this.#booleans, ...this.#strings]) {
      if (Object.hasOwn(this.result, key)) continue;
      if (this.#collected.has(key)) this.result[key] = [];
      else if (this.#booleans.has(key)) this.result[key] = false;
    }
    return this.result;
  }
}

/**
 * Sort command line arguments into options and positional arguments.
 *
 * @param args The arguments; those after `--` are positional whatever they look like.
 * @param options Which options there are.
 */
export function parseArgs(args: string[], options: ParseOptions = {}): Args {
  const end = args.indexOf("--");
  const parsed = new Parser(end < 0 ? args : args.slice(0, end), options).parse();
  if (end >= 0) parsed._.push(...args.slice(end + 1));
  return parsed;
}
