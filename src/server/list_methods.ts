import { totalOf } from "../explain/progress.ts";
import type { MethodScope } from "../methods/method.ts";
import { type CamMethod, methods } from "../methods/mod.ts";
import { type MethodSettings, type SettingSpec, settingSpecs } from "../methods/settings.ts";

/** How much a method costs, in a word. */
export type CostClass = "light" | "medium" | "heavy";

/** A setting that a method takes. */
export interface ListedSetting extends SettingSpec {
  /** What it is where nothing is said; left out where the method finds it out. */
  readonly default?: number | string | undefined;
}

/** A method, as it is listed. */
export interface ListedMethod extends Pick<CamMethod, "name" | "title" | "description" | "at" | "relu"> {
  readonly cost: CostClass;
  /** How many runs of the model, and ways back, a map takes at the usual layer of a usual network. */
  readonly passes: number;
  /** The settings that it takes. */
  readonly settings: readonly ListedSetting[];
  /** With these it keeps to what a request may take, where it does not by its own. */
  readonly within?: MethodSettings | undefined;
}

/** A usual layer of a usual network, as the embedded one has them, and a usual transformer's blocks. */
const usual: Omit<MethodScope, "settings"> = {
  layer: [1, 7, 7, 1280],
  picture: [1, 224, 224, 3],
  blocks: 12,
};

/** The settings that make a method cheaper, and what is tried for them. */
const sizes = ["samples", "channels", "steps"] as const;
const fewer = [1000, 750, 500, 400, 300, 256, 200, 150, 128, 100, 64, 50, 32, 20, 10, 5, 2, 1];

function passesOf(method: CamMethod, told: MethodSettings = {}): number {
  return totalOf(method.cost({ ...usual, settings: { ...method.settings, ...told } }));
}

function costClassOf(passes: number): CostClass {
  return passes > 100 ? "heavy" : passes > 10 ? "medium" : "light";
}

/** As many samples as take half of what may be taken at most: that is also done in time. */
function settingsWithin(method: CamMethod, maxPasses: number): MethodSettings | undefined {
  if (passesOf(method) <= maxPasses) return undefined;
  const most = maxPasses / 2;
  const name = sizes.find((size) => Object.hasOwn(method.settings ?? {}, size));
  const count = name && fewer.find((some) => passesOf(method, { [name]: some }) <= most);
  return name && count !== undefined ? { [name]: count } : undefined;
}

function listMethod(method: CamMethod, maxPasses: number): ListedMethod {
  const { name, title, description, at, relu, settings = {} } = method;
  const passes = passesOf(method);
  const within = settingsWithin(method, maxPasses);
  return {
    name,
    title,
    description,
    at,
    relu,
    cost: costClassOf(passes),
    passes,
    settings: settingSpecs.filter((spec) => Object.hasOwn(settings, spec.name))
      .map((spec) => ({ ...spec, default: settings[spec.name] })),
    ...within && { within },
  };
}

/** All methods, with what they cost and can be told; the default first. */
export function listMethods(maxPasses: number): ListedMethod[] {
  return methods.map((method) => listMethod(method, maxPasses));
}
