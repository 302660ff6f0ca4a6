import type { ScoreKind } from "../../split/model.ts";
import { askedTargets } from "../method_options.ts";
import {
  boxOrLocationRule,
  choiceRule,
  gridRule,
  locationRule,
  numberRule,
  type OptionSpec,
} from "../option.ts";

const scoreKinds: readonly ScoreKind[] = ["output", "logit"];

/** Options about what is explained, and where in the network. */
export const mapOptions: readonly OptionSpec[] = [
  {
    name: "class",
    value: "N|NAME",
    repeat: true,
    group: "Map",
    description:
      "The class to explain, by index from 0 or by name; of one sigmoid unit, or one logit with two labels, 0 is its " +
      "own and 1 the opposite " +
      "(default: the one with the highest score)",
  },
  {
    name: "top",
    value: "K",
    group: "Map",
    description: "Explain the K classes with the highest scores (default: 1)",
    rule: numberRule({ min: 1, max: 1000, whole: true }),
  },
  {
    name: "layer",
    value: "NAME",
    repeat: true,
    group: "Map",
    description:
      "The layer to take the map at, as `gradcam layers` lists them; the maps of several are fused " +
      "(default: the last spatial one, or what goes into a transformer's last block)",
  },
  {
    name: "grid",
    value: "HxW",
    group: "Map",
    description:
      "How many rows and columns of tokens a transformer has, such as 14x14 (default: as many as it was found to make of the photo)",
    rule: gridRule,
  },
  {
    name: "tokens",
    value: "N",
    group: "Map",
    description:
      "How many of its tokens come before those, such as the class token (default: as the model puts them there)",
    rule: numberRule({ min: 0, whole: true }),
  },
  {
    name: "target",
    value: "NAME",
    group: "Map",
    description: "What is explained (default: difference with --versus, similarity with --like, else class)",
    rule: choiceRule(askedTargets.map(({ name }) => name)),
  },
  {
    name: "versus",
    value: "N|NAME",
    group: "Map",
    description: "Explain why it is the class and not this one",
  },
  {
    name: "nearest",
    value: "N",
    group: "Map",
    description: "How many of the nearest classes --target finer contrasts a class with (default: 3)",
    rule: numberRule({ min: 1, max: 1000, whole: true }),
  },
  {
    name: "contrast",
    value: "G",
    group: "Map",
    description: "How much those classes count (default: 0.6)",
    rule: numberRule({ min: 0, max: 100 }),
  },
  {
    name: "like",
    value: "FILE",
    group: "Map",
    description:
      "Explain what makes the photo like this one, to a model that gives embeddings; or like the embedding in a " +
      ".npy or .json; several there, by name or a row each, are classes, as of texts to CLIP",
    rule: locationRule,
  },
  {
    name: "box",
    value: "N",
    group: "Map",
    description:
      "The row of an output of rows, such as a detector's boxes, whose values are the class scores",
    rule: numberRule({ min: 0, whole: true }),
  },
  {
    name: "score",
    value: "KIND",
    group: "Map",
    description: "Differentiate the model's own output, or what stands before its softmax or sigmoid",
    rule: choiceRule(scoreKinds),
  },
  {
    name: "region",
    value: "X,Y,W,H|FILE",
    group: "Map",
    description:
      "For a segmentation: the part of the photo whose mean score is explained, a box in its pixels or a mask, " +
      "a picture that is white where it counts (default: all of it)",
    rule: boxOrLocationRule,
  },
  {
    name: "augment",
    group: "Map",
    description:
      "Average the maps of the photo as it is and flipped, paler and stronger, which takes six times as long",
  },
  {
    name: "counterfactual",
    group: "Map",
    description: "Explain what would have to be otherwise for the score to rise: the negative of the target",
  },
];
