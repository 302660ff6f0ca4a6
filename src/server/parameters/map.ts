import { mapScales } from "../../base/scaling.ts";
import { smoothings } from "../../explain/smoothing.ts";
import { findMethod, type MethodName, methods } from "../../methods/mod.ts";
import { type SettingSpec, settingSpecs } from "../../methods/settings.ts";
import { type Parameter, repeated, single, type ValueKind } from "../parameter.ts";
import { between, choice, flag, namesOf, oneOf, whole } from "../parameter_kinds.ts";

/** A method of a URL's query may be called "gradcam++" there, where a plus that is not escaped means a space. */
function readMethod(name: string): MethodName {
  const meant = name.replaceAll(" ", "+");
  return findMethod(namesOf(methods).find((known) => known === meant) ?? name).name;
}

function settingKind(
  { name, choices, range = [0, 0], whole: isWhole }: SettingSpec,
): ValueKind<number | string> {
  if (choices) return oneOf(name, choices);
  const [least, most] = range;
  return isWhole ? whole(least, () => most) : between(least, most);
}

/** A parameter for each setting that some method takes. */
const settingParameters: readonly Parameter[] = settingSpecs.flatMap((spec) => {
  const takers = methods.filter(({ settings = {} }) => Object.hasOwn(settings, spec.name));
  if (takers.length === 0) return [];
  return [single({
    name: spec.name,
    what: `${spec.description}; for ${namesOf(takers).join(", ")}`,
    kind: settingKind(spec),
    set({ options }, value) {
      options.settings = { ...options.settings, [spec.name]: value };
    },
  })];
});

/** How the map is made. */
export const mapParameters: readonly Parameter[] = [
  repeated({
    name: "method",
    what: "How the map is made; may be repeated, each makes a map of each class",
    kind: choice(namesOf(methods), readMethod),
    most: () => methods.length,
    set: ({ options }, names) => options.method = [...new Set(names)],
  }),
  single({
    name: "relu",
    what:
      "Whether negative values are cut off before the map is scaled; as the method's paper does if left out",
    takesEmpty: true,
    kind: flag,
    set: ({ options }, relu) => options.relu = relu,
  }),
  single({
    name: "scale",
    what: "How the map is scaled to 0 ... 1: by its range, by its maximum, or with zero in the middle",
    kind: oneOf("scale", mapScales),
    set: ({ options }, scale) => options.scale = scale,
  }),
  single({
    name: "smooth",
    what: "How the map is smoothed: by the first principal component of the channels' parts",
    kind: oneOf("smoothing", smoothings),
    set: ({ options }, smooth) => options.smooth = smooth,
  }),
  single({
    name: "augment",
    what:
      "Average the maps of the photo as it is and flipped, paler and stronger, which takes six times as long",
    kind: flag,
    set: ({ options }, augment) => options.augment = augment,
  }),
  single({
    name: "counterfactual",
    what: "Explain what would have to be otherwise for the score to rise",
    kind: flag,
    set: ({ options }, counterfactual) => options.counterfactual = counterfactual,
  }),
  ...settingParameters,
];
