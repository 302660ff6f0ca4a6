import type { MethodAbout, ModelAbout } from "../server/describe.ts";
import type { State } from "./state.ts";

type Known = Pick<State, "methods">;

/** The method of a name, or the server's first. */
export function methodOf({ methods }: Known, name: string | undefined): MethodAbout | undefined {
  return methods.find((method) => method.name === name) ?? methods[0];
}

/** What a method is called for people. */
export function titleOf({ name, title }: MethodAbout): string {
  return title ?? name;
}

/** The value of a setting that stands where nothing is chosen. */
export function usualValue({ settings = [], within = {} }: MethodAbout, name: string): string {
  const value = within[name] ?? settings.find((setting) => setting.name === name)?.default;
  return value === undefined ? "" : String(value);
}

/** What a method is told: of all that was chosen what it takes, but for what is so anyway. */
export function toldTo(
  method: MethodAbout | undefined,
  chosen: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = (method?.settings ?? []).flatMap(({ name, default: usual }) => {
    const value = chosen[name]?.trim() || usualValue(method!, name);
    return value === "" || value === String(usual) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether it can explain a model: those for attention are for transformers alone. */
export function isFor({ at }: MethodAbout, model: ModelAbout | undefined): boolean {
  return at !== "tokens" || model?.hasAttention === true;
}

/** Whether a map by it takes hardly longer than the photo itself. */
export function isQuick({ cost = "light" }: MethodAbout): boolean {
  return cost === "light";
}

/** How many times it runs the model where nothing is chosen, about. */
export function usualRuns({ passes = 1, within }: MethodAbout): number {
  const [count] = Object.values(within ?? {});
  return typeof count === "number" ? count : passes;
}
