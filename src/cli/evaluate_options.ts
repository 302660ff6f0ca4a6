import { controls } from "../metrics/controls/mod.ts";
import { metrics } from "../metrics/mod.ts";
import { type MetricSettings, metricSettingSpecs } from "../metrics/settings.ts";
import { methods } from "../methods/mod.ts";
import type { HelpTable } from "./command.ts";
import { explainOptions } from "./explain_options.ts";
import { choiceRule, listRule, locationRule, numberRule, type OptionSpec, unlisted } from "./option.ts";
import type { Values } from "./values.ts";

/** Options of the command that explains photos that mean the same here. */
const shared = [
  "model",
  "identity",
  "weights",
  "labels",
  "preprocess",
  "fit",
  "range",
  "output",
  "input",
  "inputs",
  "input-values",
  "size",
  "max-pixels",
  "max-photo-side",
  "max-decoding-memory",
  "class",
  "top",
  "grid",
  "tokens",
  "score",
  "relu",
  "no-relu",
  "scale",
  "smooth",
  "backend",
  "threads",
  "recursive",
];

/** What methods can be told, which here begins with what it is for. */
const methodSettings = explainOptions.filter(({ group, rule }) => group === "Method" && rule !== undefined)
  .map(({ name }) => name).filter((name) => !["method", "scale", "smooth", "seed"].includes(name));

function take(names: readonly string[]): OptionSpec[] {
  return names.flatMap((name) => explainOptions.find((option) => option.name === name) ?? []);
}

/** How a setting of metrics is called here, where methods may have one of its name. */
function optionName(setting: string): string {
  return `metric-${setting}`;
}

const metricSettings: readonly OptionSpec[] = metricSettingSpecs
  .filter(({ name }) => name !== "seed" && metrics.some(({ settings = {} }) => Object.hasOwn(settings, name)))
  .map(({ name, description, choices, range: [min, max] = [0, Infinity], whole = false }) => {
    const takers = metrics.filter(({ settings = {} }) => Object.hasOwn(settings, name));
    return {
      name: optionName(name),
      value: choices ? "NAME" : "N",
      group: "Metrics",
      description: `${description}; for ${takers.map((metric) => metric.name).join(", ")}`,
      rule: choices ? choiceRule(choices) : numberRule({ min, max, whole }),
    };
  });

/** What metrics are told. */
export function readMetricSettings(values: Values): MetricSettings | undefined {
  const told = metricSettingSpecs.flatMap(({ name, choices }) => {
    const value = choices ? values.text(optionName(name)) : values.number(optionName(name));
    return value === undefined ? [] : [[name, value]];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

/** All options of the command that evaluates, in the order of the help. */
export const evaluateOptions: readonly OptionSpec[] = [
  {
    name: "methods",
    value: "NAMES",
    group: "Evaluation",
    description:
      "The methods, separated by commas, as listed below (default: gradcam; with --choose the quick ones)",
    rule: unlisted(listRule(methods.map(({ name }) => name))),
  },
  {
    name: "layers",
    value: "NAMES",
    repeat: true,
    group: "Evaluation",
    description:
      "The layers, separated by commas, at each of which every method is measured (default: the last spatial one)",
  },
  {
    name: "models",
    value: "MODELS",
    repeat: true,
    group: "Evaluation",
    description: 'Several models, separated by commas, in place of --model; "embedded" is the embedded one',
  },
  {
    name: "metrics",
    value: "NAMES",
    group: "Evaluation",
    description:
      "The metrics, separated by commas, as listed below (default: deletion, insertion; with --truth the pointing games before " +
      "them; with --choose those that need no truth and tell most)",
    rule: unlisted(listRule(metrics.map(({ name }) => name))),
  },
  {
    name: "controls",
    value: "NAMES",
    group: "Evaluation",
    description: "Maps that know nothing of the model, to be better than, or none (default: all)",
    rule: listRule([...controls.map(({ name }) => name), "none"]),
  },
  {
    name: "truth",
    value: "FILE",
    group: "Evaluation",
    description:
      "Where objects are on the photos: COCO JSON, Pascal VOC XML, YOLO text, mask pictures or a simple JSON, a file or a folder",
    rule: locationRule,
  },
  {
    name: "match",
    value: "NAME=CLASS",
    repeat: true,
    group: "Evaluation",
    description: "What a class of the truth file is called in the model, or its index there",
    rule: {
      allowed: "NAME=CLASS, such as dog=207",
      problem: (text) => /^[^=]+=.+$/.test(text) ? undefined : "use NAME=CLASS, such as dog=207",
    },
  },
  {
    name: "choose",
    group: "Evaluation",
    description: "Rank methods and layers by the metrics that need no truth, and say how sure that is",
  },
  {
    name: "seed",
    value: "N",
    group: "Evaluation",
    description:
      "Where random numbers begin: the same seed gives the same results to the last byte (default: 0)",
    rule: numberRule({ min: 0, max: 2 ** 32 - 1, whole: true }),
  },
  {
    name: "limit",
    value: "N",
    group: "Evaluation",
    description: "The first N photos alone",
    rule: numberRule({ min: 1, whole: true }),
  },
  {
    name: "out",
    short: "o",
    value: "FOLDER/",
    group: "Result",
    description:
      "Where results are written, made if its name ends in /: a run that was ended goes on there (default: nothing is written)",
  },
  {
    name: "times",
    group: "Result",
    description: "Write how long maps and metrics took too, which is never the same twice",
  },
  { name: "json", group: "Result", description: "Print JSON instead of a table" },
  { name: "quiet", short: "q", group: "Result", description: "Print results and errors only" },
  ...metricSettings,
  ...take(shared),
  ...take(methodSettings),
  {
    name: "jobs",
    value: "N",
    group: "Machine",
    description:
      "Photos measured at once, each on one thread (default: one for each core where photos are many, else 1 on all threads)",
    rule: numberRule({ min: 1, max: 64, whole: true }),
  },
];

function rowOf({ name, title, description }: { name: string; title: string; description: string }) {
  const plain = description.startsWith(`${title}: `) ? description.slice(title.length + 2) : description;
  return [name, plain.slice(0, 1).toUpperCase() + plain.slice(1)] as const;
}

/** What metrics and controls are, for the help. */
export const metricTables: readonly HelpTable[] = [
  {
    title: "Metrics",
    rows: metrics.map((metric) => {
      const [name, text] = rowOf(metric);
      return [name, `${text} (${metric.kind}; ${metric.better} is better)`] as const;
    }),
  },
  { title: "Controls", rows: controls.map(rowOf) },
];
