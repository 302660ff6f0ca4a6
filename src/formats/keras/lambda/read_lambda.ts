/**
 * What a Lambda layer computes, as far as its configuration says it: the code of a function, or its name.
 *
 * @module
 */
import { quote } from "../../../base/quote.ts";
import type { Json } from "../inbound.ts";
import { callFunction } from "./functions.ts";
import type { CallContext } from "./known_function.ts";
import { follow, type Followed } from "./interpret.ts";
import { readCode } from "./marshal.ts";
import { argumentOf, bytesOf, type NotedFunction, notedFunction, plain } from "./noted_function.ts";
import { decode } from "./opcodes.ts";
import { pruned } from "./prune.ts";
import { MarshalError, type PythonCode } from "./python.ts";
import { checkStep, isTensor, NamePath, type Step, UnknownFunctionError, type Value } from "./values.ts";

/** Values for the parameters after the first: given with the layer, else the function's own. */
function parametersFor(code: PythonCode, first: Value, given: Json, defaults: readonly unknown[]): Value[] {
  const names = code.locals.slice(0, code.parameters);
  const [own, ...others] = names;
  if (own === undefined) throw new UnknownFunctionError("takes no picture");
  return [
    first,
    ...others.map((name, index) => {
      if (Object.hasOwn(given, name)) return argumentOf(given[name]);
      if (name === "mask") return null;
      if (name === "training") return false;
      const place = index + 1 - (names.length - defaults.length);
      if (place < 0) throw new UnknownFunctionError(`takes ${quote(name)}, whose value is not in the file`);
      return argumentOf(defaults[place]);
    }),
  ];
}

/** The functions that a name may mean in a module of a library. */
function librariesPath(name: string, module: string): NamePath | undefined {
  const parts = module.split(".");
  if (!/^(tensorflow|tf_keras|keras|keras_applications)$/.test(parts[0]!)) return undefined;
  const own = parts.at(-1)!;
  if (name === "preprocess_input") return new NamePath([own, name]);
  if (/backend/.test(own)) return new NamePath(["K", name]);
  if (own === "activations") return new NamePath(["activations", name]);
  if (name === "resize_images_v2") return new NamePath(["tf", "image", "resize"]);
  return new NamePath(["tf", name.replace(/_v2$/, "")]);
}

/** Functions whose name says enough, where Keras 3 notes nothing else of a function. */
const sayingNames = /^(relu6?|elu|selu|sigmoid|silu|softplus|softsign|swish|tanh|abs|resize_images_v2)$/;

/** What a layer of a Lambda is called with. */
interface LambdaCall {
  /** How many inputs. */
  readonly inputs: number;
  /** The version of Keras, as a number such as 2.15. */
  readonly version: number;
}

/** What is handed to the function first: the layer's input, or a list of them. */
function firstOf(inputs: number): Value {
  const list = Array.from({ length: inputs }, (_, input) => ({ input }));
  return list.length === 1 ? list[0]! : list;
}

function followNamed(path: NamePath, given: Json, { inputs, version }: LambdaCall): Followed {
  const steps: Step[] = [];
  const recorder = {
    record(step: Step): Value {
      checkStep(step);
      return { input: inputs + steps.push(step) - 1 };
    },
  };
  const named = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, argumentOf(value)]));
  const context: CallContext = { recorder, version };
  const result = callFunction(path, { operands: [firstOf(inputs)], named }, context);
  return { steps, result };
}

/** Follow code in every way in which it can be read; all of them that make sense must come to the same. */
function followCode(
  noted: Exclude<NotedFunction, { name: string }>,
  given: Json,
  call: LambdaCall,
): Followed {
  const defaults = (plain(noted.defaults) ?? []) as unknown[];
  const closure = (plain(noted.closure) ?? []) as unknown[];
  const found = new Map<string, Followed>();
  const problems: string[] = [];
  for (const code of readCode(bytesOf(noted.code))) {
    const ways = decode(code);
    if (ways.length === 0) problems.push("has branches, or instructions that are not known");
    for (const way of ways) {
      try {
        const free = new Map(code.free.map((name, index) => [name, argumentOf(closure[index])]));
        const parameters = parametersFor(code, firstOf(call.inputs), given, defaults);
        const followed = follow(code, way, { parameters, free, ...call });
        found.set(JSON.stringify(followed), followed);
      } catch (error) {
        if (!(error instanceof UnknownFunctionError)) throw error;
        problems.push(error.message);
      }
    }
  }
  const [first, ...others] = found.values();
  if (first && others.length === 0) return first;
  if (first) throw new UnknownFunctionError("can be read in several ways");
  throw new UnknownFunctionError(problems.find((problem) => problem !== "is damaged") ?? "is damaged");
}

/** Whether all numbers of a value can be written down. */
function isFinite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isFinite);
}

function followFunction(config: Json, call: LambdaCall): Followed {
  const noted = notedFunction(config);
  const given = (plain(config.arguments) ?? {}) as Json;
  const module = String(config.module ?? "");
  if ("name" in noted) {
    const path = librariesPath(noted.name, module) ??
      (sayingNames.test(noted.name) && !module.startsWith("__main__")
        ? librariesPath(noted.name, "tensorflow")
        : undefined);
    if (!path) throw new UnknownFunctionError(`is a function ${quote(noted.name)}, which is not in the file`);
    return followNamed(path, given, call);
  }
  try {
    return followCode(noted, given, call);
  } catch (error) {
    if (!(error instanceof UnknownFunctionError)) throw error;
    const [code] = readCode(bytesOf(noted.code));
    const path = librariesPath(code!.name, module);
    if (!path) throw error;
    return followNamed(path, given, call);
  }
}

/**
 * The steps of what a Lambda layer computes.
 *
 * @param config The layer's configuration.
 * @param call How it is called.
 * @returns The steps in order; the last one gives the layer's output, none means the input as it is.
 * @throws {UnknownFunctionError} If it cannot be told, or does what is not computed here.
 */
export function readLambda(config: Json, call: LambdaCall): readonly Step[] {
  let followed: Followed;
  try {
    followed = pruned(followFunction(config, call), call.inputs);
  } catch (error) {
    if (error instanceof MarshalError) throw new UnknownFunctionError(error.message);
    throw error;
  }
  const { steps, result } = followed;
  if (!isTensor(result)) throw new UnknownFunctionError("gives no single tensor");
  if (!isFinite(steps)) throw new UnknownFunctionError("has a constant that is no number");
  const isWhole = steps.length === 0 ? call.inputs === 1 : result.input === call.inputs + steps.length - 1;
  if (isWhole) return steps;
  return [...steps, { operation: "identity", operands: [result], named: {} }]; // one of several inputs
}
