import { nearest } from "../base/nearest.ts";
import { cut, quote } from "../base/quote.ts";
import { chooseEncoding } from "../draw/encodings/mod.ts";
import type { Rendering } from "../draw/renderings/mod.ts";
import { checkSides } from "../draw/scale_photo.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { inputPrefix, isInputName } from "./input_names.ts";
import type { JsonSchema, Parameter, ParameterContext, Reading } from "./parameter.ts";
import { longestName, unusable } from "./parameter_kinds.ts";
import { mapParameters } from "./parameters/map.ts";
import { photoParameters } from "./parameters/photo.ts";
import { pictureParameters } from "./parameters/picture.ts";
import { subjectParameters } from "./parameters/subject.ts";
import { Problem } from "./problem.ts";
import type { Given } from "./receive/given.ts";

export type { JsonSchema, Parameter, ParameterContext };

/** What the parameters of a request ask for. */
export interface ExplainParameters {
  /** What to explain, and how. */
  readonly options: GradcamOptions;
  /** How it is drawn, and how pictures are written. */
  readonly drawing: EncodeOptions;
  /** What to answer with; none where the request does not say. */
  readonly renderings: readonly Rendering[];
  /** The id of the model to explain with; the default one if left out. */
  readonly model: string | undefined;
  /** Whether the photo is kept for a while. */
  readonly keep: boolean;
}

/** All parameters, in the order of the documentation. A new one is one entry of its family. */
export const parameters: readonly Parameter[] = Object.freeze([
  ...subjectParameters,
  ...mapParameters,
  ...photoParameters,
  ...pictureParameters,
]);

const byName: ReadonlyMap<string, Parameter> = new Map(
  parameters.map((parameter) => [parameter.name, parameter]),
);

/** How many names of parameters a message lists. */
const mostNamed = 12;

/** The names of all parameters. */
export const parameterNames: readonly string[] = Object.freeze([...byName.keys()]);

/**
 * The parameter of a name.
 *
 * @throws {Problem} 400 if there is none.
 */
export function findParameter(name: string): Parameter {
  const found = byName.get(isInputName(name) ? `${inputPrefix}NAME` : name);
  if (found) return found;
  const names = nearest(name.slice(0, longestName), parameterNames, mostNamed);
  throw new Problem(
    400,
    `Unknown parameter ${quote(name)}: use one of ${names.join(", ")} or others that /openapi.json lists`,
    {},
    "unknown-parameter",
  );
}

function listSchema(items: JsonSchema, parameter: Parameter, context: ParameterContext): JsonSchema {
  return { type: "array", items, minItems: 1, maxItems: parameter.most(context) };
}

/** The schema of a parameter in a URL or a form; of one that may be repeated, of all of its values. */
export function urlSchemaOf(parameter: Parameter, context: ParameterContext): JsonSchema {
  const one = parameter.text(context);
  return parameter.repeats ? listSchema(one, parameter, context) : one;
}

/** The schema of a parameter in JSON; one that may be repeated is one value or an array of them. */
export function jsonSchemaOf(parameter: Parameter, context: ParameterContext): JsonSchema {
  const one = parameter.json(context);
  return parameter.repeats ? { anyOf: [one, listSchema(one, parameter, context)] } : one;
}

/** Options of {@linkcode readParameters}. */
export interface ReadOptions extends ParameterContext {
  /**
   * Whether an empty value is refused, rather than taken as not given, as forms send what was not filled in.
   * @default {false}
   */
  readonly refuseEmpty?: boolean;
}

/** The values of a parameter that count. */
function filled(values: readonly string[], parameter: Parameter, name: string, refuseEmpty: boolean) {
  if (parameter.takesEmpty && !refuseEmpty) return values;
  const some = values.filter((value) => value !== "");
  if (refuseEmpty && some.length < values.length) throw unusable(name, "", "give a value, or leave it out");
  return some;
}

/** @throws {Problem} 400 if a parameter has more values than it may. */
function checkTimes(
  values: readonly string[],
  parameter: Parameter,
  name: string,
  context: ParameterContext,
): void {
  const most = parameter.most(context);
  if (values.length <= most) return;
  const wanted = parameter.repeats ? `use ${most} at most` : "give it once";
  throw new Problem(
    400,
    `Cannot use ${cut(name)} ${values.length} times: ${wanted}`,
    {},
    "bad-parameter",
  );
}

/** @throws {RangeError} If several methods make more maps of the classes than are made at once. */
function checkMaps({ options }: Reading, { limits: { maxClasses } }: ParameterContext): void {
  const { classIndex = [], label = [], top = 1, method = [] } = options;
  const named = [classIndex, label].flat().length;
  const [classes, byMethods] = [named || top, [method].flat().length];
  if (byMethods <= 1 || classes * byMethods <= maxClasses) return;
  throw new RangeError(
    `Cannot explain ${classes} classes by ${byMethods} methods: at most ${maxClasses} maps are made at once, ask for fewer`,
  );
}

/**
 * Read the parameters of a request.
 *
 * @param given By name, with all values.
 * @param options What they may be.
 * @throws {Problem} 400 if there is no such parameter, or it does not have such a value; 404 if there is no such model.
 * @throws {RangeError} If it does not have such a value.
 */
export function readParameters(
  given: Given,
  { refuseEmpty = false, ...context }: ReadOptions,
): ExplainParameters {
  const reading: Reading = { options: {}, drawing: {}, renderings: [], model: undefined, keep: false };
  for (const [name, all] of given) {
    const parameter = findParameter(name);
    const values = filled(all, parameter, name, refuseEmpty);
    checkTimes(values, parameter, name, context);
    if (values.length > 0) parameter.read(reading, values, name, context);
  }
  checkMaps(reading, context);
  reading.drawing.maxSide ??= context.limits.maxSide;
  checkSides(reading.drawing);
  if (reading.drawing.format !== undefined) chooseEncoding(reading.drawing);
  return reading;
}
