import { gridAllowed, readGrid } from "../base/token_grid.ts";
import { nearest } from "../base/nearest.ts";
import { quote } from "../base/quote.ts";
import { preprocessings } from "../input/preprocess.ts";
import { preprocessingProblem } from "../input/preprocess_text.ts";
import { rangeProblem } from "../input/range_text.ts";
import { UsageError } from "./usage_error.ts";

/** What an option's value can be. */
export interface ValueRule {
  /** In words, to stand after "use" in an error, such as `"a number from 0 to 1"`. */
  readonly allowed: string;
  /** The values there are, where they can be listed. */
  readonly choices?: readonly string[];
  /** Why the text is none of them, or `undefined` where it is. */
  problem(text: string): string | undefined;
}

/** An option of a command. */
export interface OptionSpec {
  /** The name, without dashes. */
  readonly name: string;
  /** A letter for it. */
  readonly short?: string;
  /** What its value is called in the help; left out for a switch. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly repeat?: true;
  /** What it does, for the help. */
  readonly description: string;
  /** The heading that it stands under in the help. */
  readonly group: string;
  /** What its value can be; left out where anything can. */
  readonly rule?: ValueRule;
}

/** Options of {@linkcode numberRule}. */
export interface NumberRuleOptions {
  /** The smallest number allowed. */
  readonly min: number;
  /** The largest number allowed. */
  readonly max?: number;
  /** Whether it must be whole. */
  readonly whole?: boolean;
}

/** A number in a range. */
export function numberRule({ min, max = Infinity, whole = false }: NumberRuleOptions): ValueRule {
  const kind = whole ? "a whole number" : "a number";
  const allowed = max === Infinity ? `${kind} from ${min} up` : `${kind} from ${min} to ${max}`;
  return {
    allowed,
    problem(text) {
      const value = text.trim() === "" ? NaN : Number(text);
      const fits = value >= min && value <= max && Number.isFinite(value);
      return fits && (!whole || Number.isSafeInteger(value)) ? undefined : `use ${allowed}`;
    },
  };
}

/** One of the names of a registry. */
export function choiceRule(names: readonly string[]): ValueRule {
  return {
    allowed: `one of ${names.join(", ")}`,
    choices: names,
    problem(text) {
      return names.includes(text) ? undefined : `use one of ${nearest(text, names, names.length).join(", ")}`;
    },
  };
}

/** Names of a registry, separated by commas. */
export function listRule(names: readonly string[]): ValueRule {
  return {
    allowed: `one or more of ${names.join(", ")}, separated by commas`,
    choices: names,
    problem(text) {
      const parts = splitList(text);
      const unknown = parts.find((part) => !names.includes(part));
      if (unknown !== undefined) return `use ${nearest(unknown, names, names.length).join(", ")}`;
      return parts.length > 0 ? undefined : `use ${names.join(", ")}`;
    },
  };
}

/** A rule whose values the help lists elsewhere, with what they mean. */
export function unlisted({ choices: _, ...rule }: ValueRule): ValueRule {
  return rule;
}

/** The parts of a list separated by commas, each once. */
export function splitList(text: string): string[] {
  return [...new Set(text.split(",").map((part) => part.trim()).filter((part) => part !== ""))];
}

/** A path or a URL. */
export const locationRule: ValueRule = {
  allowed: "a path or a URL",
  problem(text) {
    const isUrl = /^(https?|file|data|blob):/i.test(text);
    return isUrl && !URL.canParse(text) ? "it is no URL" : undefined;
  },
};

/** Numbers separated by commas, or `undefined` if the text is anything else. */
export function readNumbers(text: string): number[] | undefined {
  const numbers = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

/** A name, `=` and its numbers; the parts, or `undefined` if the text is anything else. */
export function readNamedNumbers(text: string): [name: string, numbers: number[]] | undefined {
  const at = text.lastIndexOf("=");
  const numbers = readNumbers(text.slice(at + 1));
  return at > 0 && numbers ? [text.slice(0, at), numbers] : undefined;
}

/** A name and its numbers. */
export const namedNumbersRule: ValueRule = {
  allowed: "NAME=NUMBERS, separated by commas, such as age=0.4",
  problem(text) {
    return readNamedNumbers(text) ? undefined : `use ${this.allowed}`;
  },
};

/**
 * A name, `=`, and numbers or the path or URL of a photo; `undefined` if the text is anything else. A file whose name
 * reads as a number is given with its folder.
 */
export function readNamedInput(text: string): [name: string, value: number[] | string] | undefined {
  const at = text.indexOf("=");
  const value = text.slice(at + 1).trim();
  return at > 0 && value !== "" ? [text.slice(0, at), readNumbers(value) ?? value] : undefined;
}

/** A name, and numbers or a photo. */
export const namedInputRule: ValueRule = {
  allowed: "NAME=FILE or NAME=NUMBERS, such as after=after.jpg or age=0.4",
  problem(text) {
    const [, value] = readNamedInput(text) ?? [];
    if (value === "-") return "standard input is for the photo that is explained";
    return typeof value === "string"
      ? locationRule.problem(value)
      : value
      ? undefined
      : `use ${this.allowed}`;
  },
};

/** A way to scale pixels. */
export const preprocessingRule: ValueRule = {
  allowed: `one of ${Object.keys(preprocessings).join(", ")}, or mean=M,std=S`,
  choices: Object.keys(preprocessings),
  problem: preprocessingProblem,
};

/** Height and width, or one number for both; `undefined` if the text is anything else. */
export function readSize(text: string): [height: number, width: number] | undefined {
  const [, height, width = height] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/i.exec(text) ?? [];
  return height === undefined ? undefined : [Number(height), Number(width)];
}

/** Height and width. */
export const sizeRule: ValueRule = {
  allowed: "HEIGHTxWIDTH in pixels, such as 224x224",
  problem(text) {
    return readSize(text) ? undefined : `use ${this.allowed}`;
  },
};

/** Rows and columns of tokens. */
export const gridRule: ValueRule = {
  allowed: gridAllowed,
  problem(text) {
    return readGrid(text) ? undefined : `use ${this.allowed}`;
  },
};

/** The values of a photo that become black and white. */
export const rangeRule: ValueRule = {
  allowed: "auto, or LOW,HIGH in the photo's own values, such as 0,4095",
  problem: rangeProblem,
};

/** A box, `X,Y,WIDTH,HEIGHT`, or a file. */
export const boxOrLocationRule: ValueRule = {
  allowed: "X,Y,WIDTH,HEIGHT in pixels, or a picture's path or URL",
  problem(text) {
    const numbers = readNumbers(text);
    if (!numbers) return locationRule.problem(text);
    return numbers.length === 4 && numbers[2]! > 0 && numbers[3]! > 0 ? undefined : `use ${this.allowed}`;
  },
};

/** What to say of an option that stands without its value, or a switch that stands with one. */
export function needsValue({ name, value, rule }: OptionSpec): UsageError {
  if (value === undefined) return new UsageError(`Option --${name} takes no value`);
  return new UsageError(`Option --${name} needs a value: use ${rule?.allowed ?? value}`);
}

/**
 * Check an option's value.
 *
 * @throws {UsageError} If the option's rule does not allow it.
 */
export function checkValue(option: OptionSpec, text: string): void {
  if (text === "") throw needsValue(option);
  const problem = option.rule?.problem(text);
  if (problem !== undefined) throw new UsageError(`Cannot use --${option.name} ${quote(text)}: ${problem}`);
}
