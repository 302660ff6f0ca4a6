/**
 * What a parameter of a request is: how it is described, and how it is read from texts.
 *
 * @module
 */
import type { Rendering } from "../draw/renderings/mod.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { Limits } from "./limits.ts";

/** JSON Schema (2020-12), plain. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where a parameter may stand. */
export type Place = "url" | "form" | "json";

/** What a value may be in JSON. */
export type JsonKind = "number" | "boolean" | "text" | "numbers";

/** What the service was told, on which it depends what parameters may be. */
export interface ParameterContext {
  /** The limits. */
  readonly limits: Limits;
  /** The ids of the models, the one that is meant where none is named first. */
  readonly models: readonly string[];
}

/** What parameters ask for, while they are being read. */
export interface Reading {
  options: { -readonly [Key in keyof GradcamOptions]: GradcamOptions[Key] };
  drawing: { -readonly [Key in keyof EncodeOptions]: EncodeOptions[Key] };
  renderings: Rendering[];
  model: string | undefined;
  keep: boolean;
}

/** How a value of a kind is described and read. */
export interface ValueKind<Value> {
  /** What it may be in JSON. */
  readonly accepts: readonly JsonKind[];
  /**
   * What stands between numbers that are an array in JSON.
   * @default {","}
   */
  readonly separator?: string;
  /** One value in a URL or a form. */
  text(context: ParameterContext): JsonSchema;
  /** One value in JSON. */
  json(context: ParameterContext): JsonSchema;
  /**
   * Read a value.
   *
   * @param text As a URL or a form has it, and JSON too, once it is brought to text.
   * @param name The parameter's.
   * @throws {Problem} 400 if it is no such value.
   * @throws {RangeError} Likewise.
   */
  read(text: string, name: string, context: ParameterContext): Value;
}

/** A parameter of a request that explains a photo. */
export interface Parameter {
  /** Its name; `inputs.NAME` stands for all that begin so. */
  readonly name: string;
  /** What it does, in one line. */
  readonly what: string;
  /** Where it may stand. */
  readonly places: readonly Place[];
  /** Whether it may be given several times; in JSON it is then an array too. */
  readonly repeats: boolean;
  /** Whether an empty value is one. */
  readonly takesEmpty: boolean;
  /** A value that it may have. */
  readonly example: string | number | boolean | undefined;
  /** What it may be in JSON, one value of several. */
  readonly accepts: readonly JsonKind[];
  /** What stands between numbers that are an array in JSON. */
  readonly separator: string;
  /** How many values it has at most. */
  most(context: ParameterContext): number;
  /** The schema of one value in a URL or a form. */
  text(context: ParameterContext): JsonSchema;
  /** The schema of one value in JSON. */
  json(context: ParameterContext): JsonSchema;
  /** Read the values, and add what they say. */
  read(reading: Reading, values: readonly string[], name: string, context: ParameterContext): void;
}

/** What makes a parameter. */
export interface ParameterSpec<Value> extends Pick<Parameter, "name" | "what"> {
  readonly places?: readonly Place[];
  readonly example?: string | number | boolean;
  readonly takesEmpty?: boolean;
  /** What it may be. */
  readonly kind: ValueKind<Value>;
}

const everywhere: readonly Place[] = ["url", "form", "json"];

function describe<Value>(
  { name, what, places = everywhere, example, takesEmpty = false, kind }: ParameterSpec<Value>,
): Omit<Parameter, "repeats" | "most" | "read"> {
  const { accepts, separator = ",", text, json } = kind;
  return { name, what, places, example, takesEmpty, accepts, separator, text, json };
}

/** A parameter that is given once. */
export function single<Value>(
  spec: ParameterSpec<Value> & { set(reading: Reading, value: Value, name: string): void },
): Parameter {
  return {
    ...describe(spec),
    repeats: false,
    most: () => 1,
    read: (reading, [value], name, context) => spec.set(reading, spec.kind.read(value!, name, context), name),
  };
}

/** A parameter that may be given several times. */
export function repeated<Value>(
  spec: ParameterSpec<Value> & {
    most(context: ParameterContext): number;
    set(reading: Reading, values: Value[]): void;
  },
): Parameter {
  return {
    ...describe(spec),
    repeats: true,
    most: (context) => spec.most(context),
    read: (reading, values, name, context) =>
      spec.set(reading, values.map((value) => spec.kind.read(value, name, context))),
  };
}
