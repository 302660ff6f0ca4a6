import type { Json } from "../inbound.ts";
import { UnknownFunctionError, type Value } from "./values.ts";

/** A function as a configuration has it. */
export type NotedFunction =
  | { readonly code: string; readonly defaults: unknown; readonly closure: unknown }
  | { readonly name: string };

/** What Keras 3 writes of a tuple, and what both write of an array of NumPy. */
export function plain(value: unknown): unknown {
  const { class_name: className, items, config, type, value: own } = (value ?? {}) as Json;
  if (className === "__tuple__") return items;
  if (className === "__numpy__") return (config as Json).value;
  return type !== undefined && own !== undefined ? own : value;
}

/** A value of a configuration as a function's argument. */
export function argumentOf(noted: unknown): Value {
  const value = plain(noted);
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return value as Value;
  if (Array.isArray(value)) return value.map(argumentOf);
  throw new UnknownFunctionError("takes a value that is not known");
}

/** The function of a configuration as any version of Keras writes it. */
export function notedFunction(config: Json): NotedFunction {
  const value = plain(config.function);
  if (Array.isArray(value)) return { code: String(value[0]), defaults: value[1], closure: value[2] };
  if (typeof value === "string") return { name: value };
  const { class_name: className, config: inner } = (value ?? {}) as Json;
  if (className === "__lambda__") {
    const { value: list, ...own } = inner as Json;
    if (list !== undefined) return notedFunction({ function: list });
    return { code: String(own.code), defaults: own.defaults, closure: own.closure };
  }
  if (typeof inner === "string") return { name: inner };
  throw new UnknownFunctionError("is not in the file");
}

/** The bytes of code, which are noted in base64; by the first versions as they are. */
export function bytesOf(text: string): Uint8Array {
  const base64 = text.replaceAll(/\s/g, "");
  const letters = /^[A-Za-z0-9+/]+=*$/.test(base64) && base64.length % 4 === 0 ? atob(base64) : text;
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
