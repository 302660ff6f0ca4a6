import { methods } from "../methods/mod.ts";
import { type MethodSettings, type SettingSpec, settingSpecs } from "../methods/settings.ts";
import { choiceRule, numberRule, type OptionSpec, type ValueRule } from "./option.ts";
import type { Values } from "./values.ts";

/** The methods that take a setting, and its default where they agree. */
function takersOf({ name }: SettingSpec): string {
  const takers = methods.filter(({ settings = {} }) => Object.hasOwn(settings, name));
  const defaults = new Set(takers.map(({ settings = {} }) => settings[name]));
  const usual = defaults.size === 1 ? ` (default: ${[...defaults][0]})` : "";
  return `; for ${takers.map((method) => method.name).join(", ")}${usual}`;
}

function ruleOf({ choices, range = [0, Infinity], whole = false }: SettingSpec): ValueRule {
  if (choices) return choiceRule(choices);
  const [min, max] = range;
  return numberRule({ min, max, whole });
}

/** An option for each setting that some method takes. */
export const methodOptions: readonly OptionSpec[] = settingSpecs
  .filter(({ name }) => methods.some(({ settings = {} }) => Object.hasOwn(settings, name)))
  .map((spec) => ({
    name: spec.name,
    value: spec.choices ? "NAME" : "N",
    group: "Method",
    description: spec.description + takersOf(spec),
    rule: ruleOf(spec),
  }));

/** What methods are told. */
export function readSettings(values: Values): MethodSettings | undefined {
  const told = settingSpecs.flatMap(({ name, choices }) => {
    const value = choices ? values.text(name) : values.number(name);
    return value === undefined ? [] : [[name, value]];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}
