/**
 * Classes of other people's that do nothing when a model is used: they act in training alone, or change a type.
 *
 * @module
 */
import type * as tf from "../../base/tfjs.ts";
import { ModelError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { listed, quote } from "../../base/quote.ts";
import type { CallTemplate } from "./inbound.ts";
import type { KerasWeights } from "./keras_file.ts";
import { identityLayers } from "./layers/identity.ts";
import { registeredName } from "./layers/keras_layer.ts";
import type { LayerNode } from "./layer_tree.ts";

/** Their names, without those of packages. */
const names = new Set([
  "AddGaussianNoise",
  "AutoAugment",
  "CastToFloat32",
  "CutOut",
  "Cutmix",
  "Cutout",
  "DropBlock",
  "DropBlock2D",
  "DropConnect",
  "DropPath",
  "FixedDropout",
  "FourierMix",
  "GridMask",
  "Mixup",
  "Mosaic",
  "StochDepth",
  "TrivialAugment",
  "TrivialAugmentWide",
]);

/** Augmentation is called random; what resizes does so always, and random features are features. */
function isAugmentation(className: string): boolean {
  return /^Random[A-Z]/.test(className) && !/Crop|Resiz|Feature|Project|Kernel/.test(className);
}

/** Whether a class that is not known is taken for one that leaves its input as it is. */
export function isCustomIdentity(className: string): boolean {
  const own = className.split(">").at(-1)!;
  return names.has(own) || isAugmentation(own);
}

/** How many tensors a call, or a part of one, takes. */
export function countInputs(template: unknown): number {
  if (Array.isArray(template)) return template.reduce((sum, item) => sum + countInputs(item), 0);
  if (typeof template !== "object" || template === null) return 0;
  return "input" in template ? 1 : countInputs(Object.values(template));
}

/**
 * Make sure that a layer can hand its input on: it has but one.
 *
 * @param where How to begin an error.
 * @throws {ModelError} If it takes several.
 */
export function checkOneInput(where: string, className: string, { operands, named }: CallTemplate): void {
  const count = countInputs([operands, named]);
  if (count < 2) return;
  throw new ModelError(
    `${where} is a ${
      quote(className)
    } of ${count} inputs, which cannot leave its input as it is: put one of Keras's own layers in its place`,
  );
}

/**
 * Make sure that classes which are said to leave their input as it is are there.
 *
 * @throws {ModelError} If one is not.
 */
export function checkIdentityOption(
  identity: readonly string[],
  leaves: readonly { readonly node: LayerNode }[],
  name: string,
): void {
  const classes = [...new Set(leaves.map(({ node }) => node.className))];
  const missing = identity.find((className) => !classes.includes(className.split(">").at(-1)!));
  if (missing === undefined) return;
  throw new ModelError(
    `Cannot open model ${quote(name)}: it has no layer of the class ${
      quote(missing)
    } that could leave its input as it is: the nearest are ${listed(nearest(missing, classes))}`,
  );
}

/** A model that was built, and what is in its file. */
interface Built {
  readonly name: string;
  readonly weights: KerasWeights;
  /** Its layers by their paths, as JSON. */
  readonly layers: ReadonlyMap<string, tf.layers.Layer>;
}

/** What a generator of random numbers keeps. */
const ofGenerator = /generator|StateVar|seed/i;

/**
 * Make sure that no layer has weights which is taken for one that leaves its input as it is.
 *
 * @param leaves The layers of the file.
 * @throws {ModelError} If one has.
 */
export function checkIdentities(
  leaves: readonly { readonly path: readonly string[]; readonly node: LayerNode }[],
  { name, weights, layers }: Built,
): void {
  const found = leaves.filter(({ path, node }) =>
    layers.get(JSON.stringify(path))?.getClassName() === registeredName("Identity") &&
    !identityLayers.some(({ className }) => className === node.className) && node.className !== "RandomCrop"
  );
  // Of a nested model in HDF5 the arrays are dealt out by their number: one too many is an error by itself.
  const asked = found.filter(({ path }) => path.length === 1).map(({ path }) => ({
    path,
    trainable: 0,
    fixed: 0,
  }));
  weights.assign(asked).forEach((read, index) => {
    const own = read()?.find((array) => !ofGenerator.test(array.name));
    if (!own) return;
    const { path } = asked[index]!;
    throw new ModelError(
      `Cannot open model ${quote(name)}: layer ${
        quote(path.join("/"))
      } has weights in the file, so it does not leave its input as it is: put one of Keras's own layers in its place`,
    );
  });
}
