import { fitModes } from "../../input/image/window.ts";
import {
  choiceRule,
  locationRule,
  namedInputRule,
  namedNumbersRule,
  type OptionSpec,
  preprocessingRule,
  rangeRule,
  sizeRule,
} from "../option.ts";

/** Options about the model, shared by the commands that open one. */
export const modelOptions: readonly OptionSpec[] = [
  {
    name: "model",
    short: "m",
    value: "MODEL",
    group: "Model",
    description: "A model file, its folder or its URL (default: the embedded EfficientNet-Lite0)",
    rule: locationRule,
  },
  {
    name: "identity",
    value: "CLASS",
    repeat: true,
    group: "Model",
    description: "A class of the model's layers that leave their input as it is when the model is used",
  },
  {
    name: "weights",
    value: "FILE",
    group: "Model",
    description:
      "The Keras .h5 that holds the weights, where the model is an architecture in JSON, or has others " +
      "(default: as found beside it)",
    rule: locationRule,
  },
];

/** The names of the classes. */
export const labelsOption: OptionSpec = {
  name: "labels",
  value: "FILE",
  group: "Model",
  description:
    "The names of the classes: a JSON list, a JSON object from index to name, or one name a line; two for one unit, " +
    "of which the second is its own, as Keras numbers classes",
  rule: locationRule,
};

/** Options about what the model sees and says. */
export const photoOptions: readonly OptionSpec[] = [
  labelsOption,
  {
    name: "preprocess",
    value: "NAME|mean=M,std=S",
    group: "Model",
    description:
      "How the model was trained to see pixels: a name, or the mean that is subtracted from 0 ... 255 and the " +
      "deviation that is divided by, one number each or one a channel (default: as its files say)",
    rule: preprocessingRule,
  },
  {
    name: "fit",
    value: "MODE",
    group: "Model",
    description:
      "How the photo is brought to the model's shape (default: as the model's files say, else squash)",
    rule: choiceRule(fitModes),
  },
];

/** Which values of a photo are seen. */
export const rangeOption: OptionSpec = {
  name: "range",
  value: "auto|LOW,HIGH",
  group: "Model",
  description:
    "Which of the photo's values become black and white, such as 0,4095 for 12 bits in a file of 16, or auto for the " +
    "smallest and the largest that it has (default: all that its format can hold)",
  rule: rangeRule,
};

/** Options about what goes into the model and comes out. */
export const wiringOptions: readonly OptionSpec[] = [
  {
    name: "output",
    value: "N|NAME",
    group: "Model",
    description: "The output that holds the class scores, where the model has several (default: 0)",
  },
  {
    name: "input",
    value: "N|NAME",
    group: "Model",
    description: "The input that takes the photo, where several could (default: the only one that could)",
  },
  {
    name: "inputs",
    value: "NAME=FILE|V,V...",
    repeat: true,
    group: "Model",
    description:
      "What goes into another input of the model: a photo, such as after=after.jpg, where it is a picture; " +
      "else its values, row by row",
    rule: namedInputRule,
  },
  {
    name: "input-values",
    value: "NAME=V,V...",
    repeat: true,
    group: "Model",
    description: "The same for values alone, such as age=0.4",
    rule: namedNumbersRule,
  },
  {
    name: "size",
    value: "HxW",
    group: "Model",
    description:
      "Height and width that the photo is brought to for a model that takes any (default: 224x224)",
    rule: sizeRule,
  },
];
