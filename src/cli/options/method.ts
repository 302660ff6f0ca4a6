import { methods } from "../../methods/mod.ts";
import { mapScales } from "../../base/scaling.ts";
import { smoothings } from "../../explain/smoothing.ts";
import { choiceRule, listRule, type OptionSpec, unlisted } from "../option.ts";

/** Options about how the map is made, whatever the method. */
export const waysOptions: readonly OptionSpec[] = [
  {
    name: "method",
    value: "NAMES",
    group: "Method",
    description:
      "How the map is made, or several ways, separated by commas, as listed below (default: gradcam)",
    rule: unlisted(listRule(methods.map(({ name }) => name))),
  },
  {
    name: "relu",
    group: "Method",
    description: "Cut off negative values (default: as the method's paper does, but for gradcam)",
  },
  {
    name: "no-relu",
    group: "Method",
    description: "Keep negative values, also where the method's paper cuts them off",
  },
  {
    name: "scale",
    value: "NAME",
    group: "Method",
    description:
      "How the map is scaled: from its least to its most, from zero to its most, or with zero in the middle " +
      "(default: symmetric where values of both signs are kept, but range for gradcam, else range)",
    rule: choiceRule(mapScales),
  },
  {
    name: "smooth",
    value: "NAME",
    group: "Method",
    description:
      "Smooth the map by the first principal component of the channels' parts (default: not at all)",
    rule: choiceRule(smoothings),
  },
];
