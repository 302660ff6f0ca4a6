import { MarshalError, type PythonCode, type PythonConstant } from "./python.ts";

/** What reads one value after another. */
interface Reader {
  /** A whole number of four bytes. */
  int(): number;
  /** Any value. */
  value(): PythonConstant;
}

/** How a range of Python's versions lays code out. */
export interface CodeLayout {
  readonly name: string;
  read(from: Reader): PythonCode;
}

/** Bits of a function's flags: `*args`, `**kwargs`, generators and coroutines. */
const unusual = 0x4 | 0x8 | 0x20 | 0x80 | 0x100 | 0x200;

/** Kinds of variables from Python 3.11 on: one from around the function, one for a function inside it. */
const freeKind = 0x80, cellKind = 0x40;

function bytesOf(value: PythonConstant): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return Uint8Array.from(value, (letter) => letter.charCodeAt(0)); // Python 2's
  throw new MarshalError("is damaged");
}

function listOf(value: PythonConstant): readonly PythonConstant[] {
  if (Array.isArray(value)) return value;
  throw new MarshalError("is damaged");
}

function textsOf(value: PythonConstant): string[] {
  return listOf(value).map(textOf);
}

function textOf(value: PythonConstant): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value); // Python 2's
  throw new MarshalError("is damaged");
}

/** Whole numbers at the beginning, by name. */
function ints<Name extends string>(from: Reader, ...names: Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, from.int()])) as Record<Name, number>;
}

function check(flags: number, keywordOnly: number): void {
  if ((flags & unusual) !== 0) {
    throw new MarshalError("takes any number of arguments, or gives several results");
  }
  if (keywordOnly !== 0) throw new MarshalError("takes arguments by name alone");
}

/** Code until Python 3.10, which differs in the numbers that it begins with. */
function old(name: string, ...numbers: string[]): CodeLayout {
  return {
    name,
    read(from) {
      const { arguments: parameters = 0, keywordOnly = 0, flags = 0 } = ints(from, ...numbers);
      const instructions = bytesOf(from.value());
      check(flags, keywordOnly);
      const constants = listOf(from.value());
      const [names, locals, free] = [textsOf(from.value()), textsOf(from.value()), textsOf(from.value())];
      if (textsOf(from.value()).length > 0) throw new MarshalError("holds a function of its own");
      from.value(); // the file
      const own = textOf(from.value());
      from.int(); // the line
      from.value(); // the lines of instructions
      return {
        name: own,
        parameters,
        instructions,
        constants,
        names: names!,
        locals: locals!,
        free: free!,
        layout: name,
      };
    },
  };
}

const recent: CodeLayout = {
  name: "3.11",
  read(from) {
    const { parameters, keywordOnly, flags } = ints(
      from,
      "parameters",
      "placeOnly",
      "keywordOnly",
      "stack",
      "flags",
    );
    const instructions = bytesOf(from.value());
    check(flags, keywordOnly);
    const constants = listOf(from.value());
    const names = textsOf(from.value());
    const locals = textsOf(from.value());
    const kinds = bytesOf(from.value());
    if (kinds.some((kind) => (kind & cellKind) !== 0)) {
      throw new MarshalError("holds a function of its own");
    }
    from.value(); // the file
    const name = textOf(from.value());
    from.value(); // the whole name
    from.int(); // the line
    from.value(); // the lines of instructions
    from.value(); // what is caught where
    const free = locals.filter((_, index) => (kinds[index]! & freeKind) !== 0);
    return { name, parameters, instructions, constants, names, locals, free, layout: "3.11" };
  },
};

/** All layouts. */
export const codeLayouts: readonly CodeLayout[] = [
  recent,
  old("3.8", "arguments", "placeOnly", "keywordOnly", "locals", "stack", "flags"),
  old("3.0", "arguments", "keywordOnly", "locals", "stack", "flags"),
  old("2.7", "arguments", "locals", "stack", "flags"),
];
