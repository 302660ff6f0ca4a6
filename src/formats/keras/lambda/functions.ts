/**
 * Functions of TensorFlow, of Keras and of NumPy that functions of Lambda layers call. A new one is an entry of a table in
 * a file beside this one.
 *
 * @module
 */
import { quote } from "../../../base/quote.ts";
import { activationName } from "../layers/activations.ts";
import { backend, findOperation } from "./keras_functions.ts";
import { type Bound, type CallContext, type KnownFunction, operation, same } from "./known_function.ts";
import { canonical, settled } from "./names.ts";
import { isApplication, preprocess } from "./preprocessing.ts";
import { resizeImages, tensorflow } from "./tensorflow_functions.ts";
import { NamePath, UnknownFunctionError, type Value } from "./values.ts";

/** Arguments of a call. */
export interface CallArguments {
  readonly operands: readonly Value[];
  readonly named: Readonly<Record<string, Value>>;
}

/** NumPy's, of constants. */
const numpy: Readonly<Record<string, KnownFunction>> = {
  array: same,
  asarray: same,
  float32: same,
  float64: same,
};

/** The function at a path. */
function find(path: string): KnownFunction | undefined {
  const parts = path.split(".");
  const name = parts.at(-1)!, place = parts.slice(0, -1).join(".");
  if (/^(tf|tf1)(\.(math|image|linalg))?$|^(tf1\.)?nn$/.test(place)) {
    if (place.startsWith("tf1") && name === "resize") return resizeImages;
    return Object.hasOwn(tensorflow, name) ? tensorflow[name] : undefined;
  }
  if (place === "K") return Object.hasOwn(backend, name) ? backend[name] : undefined;
  if (place === "np") return Object.hasOwn(numpy, name) ? numpy[name] : undefined;
  if (/^ops(\.(image|nn|numpy|math|core))?$/.test(place)) return findOperation(name);
  if (/^(keras\.)?activations$/.test(place)) {
    return activationName(name, false) === undefined ? undefined : operation("x", name);
  }
  if (place === "" && name === "abs") return operation("x", "abs");
  const module = parts.at(-2);
  if (name === "preprocess_input" && module !== undefined && isApplication(module)) {
    return {
      parameters: ["x", "data_format", "mode"],
      call: ({ x, ...settings }, { recorder }) => preprocess(module, x!, settings, recorder),
    };
  }
  return undefined;
}

/** Whether a setting that is not followed is as if it were left out. */
function isOff(value: Value): boolean {
  return value === null || value === false || value === 0;
}

/** The arguments of a call by the names of parameters. */
function bind({ parameters }: KnownFunction, { operands, named }: CallArguments, text: string): Bound {
  const bound: Record<string, Value> = {};
  const strict = (parameter: string) => parameter.startsWith("!");
  const given = [
    ...operands.map((value, place) => [parameters[place]?.replace("!", ""), value] as const),
    ...Object.entries(named).filter(([name]) => name !== "name"),
  ];
  for (const [name, value] of given) {
    const parameter = parameters.find((one) => one.replace("!", "") === name);
    if (name === undefined || parameter === undefined || Object.hasOwn(bound, name)) {
      throw new UnknownFunctionError(`calls ${quote(text)} with arguments that are not known`);
    }
    if (!strict(parameter)) bound[name] = value;
    else if (!isOff(value)) {
      throw new UnknownFunctionError(`calls ${quote(text)} with ${quote(name)}, which is not followed`);
    }
  }
  const [first] = parameters;
  if (first !== undefined && bound[first] === undefined) {
    throw new UnknownFunctionError(`calls ${quote(text)} without its first argument`);
  }
  return bound;
}

/** What a global name stands for. */
export function resolveName(name: string): Value {
  return new NamePath([name]);
}

/**
 * What a call of a function gives.
 *
 * @param callee The function by the name that it is called by.
 * @throws {UnknownFunctionError} If it is not known, or not with such arguments.
 */
export function callFunction(callee: NamePath, given: CallArguments, context: CallContext): Value {
  const known = find(canonical(callee));
  if (!known) throw new UnknownFunctionError(`calls ${quote(callee.text)}, which is not known`);
  const { operands, named } = given;
  const bound = bind(known, {
    operands: operands.map(settled),
    named: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, settled(value)])),
  }, callee.text);
  return known.call(bound, context);
}
