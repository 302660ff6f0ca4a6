import { isNestedTooDeep } from "../../base/nesting.ts";
import type { Json } from "./inbound.ts";

/** An object, also where a program has put it in as text. */
export function asObject(value: unknown): Json | undefined {
  if (typeof value === "string") {
    try {
      const json: unknown = JSON.parse(value);
      return isNestedTooDeep(json) ? undefined : asObject(json);
    } catch {
      return undefined;
    }
  }
  return typeof value === "object" && value !== null ? value as Json : undefined;
}

/** A model's configuration without what was put around it. */
export function unwrapped(given: Json): Json {
  const inner = asObject(given.model_config ?? given.modelConfig);
  return inner ? unwrapped(inner) : given;
}

/**
 * Whether a value is the architecture of a network alone, as `to_json()` writes it.
 *
 * @param value An object, or text that holds one.
 */
export function isArchitecture(value: unknown): value is Json | string {
  const given = asObject(value);
  if (!given || given.modelTopology !== undefined) return false;
  const { class_name: className, className: spelled, config } = unwrapped(given);
  return typeof (className ?? spelled) === "string" && typeof config === "object" && config !== null;
}

/** What a file holds that may be an architecture in JSON; `undefined` if it is none. */
export function parseArchitecture(bytes: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return !isNestedTooDeep(value) && isArchitecture(value) ? asObject(value) : undefined;
  } catch {
    return undefined;
  }
}
