import { methods } from "../methods/mod.ts";
import { type MethodSettings, type SettingSpec, settingSpecs } from "../methods/settings.ts";
import { targets } from "../targets/mod.ts";
import type { HelpTable } from "./command.ts";
import { choiceRule, numberRule, type OptionSpec, type ValueRule } from "./option.ts";
import type { Values } from "./values.ts";

/** The methods that take a setting, with its defaults: said once where they agree. */
function takersOf({ name }: SettingSpec): string {
  const takers = methods.filter(({ settings = {} }) => Object.hasOwn(settings, name));
  const defaults = takers.map(({ settings = {} }) => settings[name]);
  const isOne = new Set(defaults).size === 1;
  const named = takers.map((method, at) =>
    isOne || defaults[at] === undefined ? method.name : `${method.name} (${defaults[at]})`
  );
  const usual = isOne && defaults[0] !== undefined ? ` (default: ${defaults[0]})` : "";
  return `; for ${named.join(", ")}${usual}`;
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

/** The kinds of targets that a command line can ask for. */
export const askedTargets = targets.filter(({ name }) => name !== "function");

/** What a thing of a registry is, in print without its name before it. */
function rowOf({ name, title, description }: { name: string; title?: string; description: string }) {
  const plain = title && description.startsWith(`${title}: `)
    ? description.slice(title.length + 2)
    : description;
  return [name, plain.slice(0, 1).toUpperCase() + plain.slice(1)] as const;
}

/** What methods and targets are, for the help. */
export const methodTables: readonly HelpTable[] = [
  { title: "Methods", rows: methods.map(rowOf) },
  { title: "Targets", rows: askedTargets.map(rowOf) },
];

/** What methods are told. */
export function readSettings(values: Values): MethodSettings | undefined {
  const told = settingSpecs.flatMap(({ name, choices }) => {
    const value = choices ? values.text(name) : values.number(name);
    return value === undefined ? [] : [[name, value]];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}
