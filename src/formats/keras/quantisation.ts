/**
 * How Keras has quantised a layer, `layer.quantize("int8")` and the like, or let it learn apart from its kernel,
 * `layer.enable_lora(4)`: its configuration says it.
 *
 * @module
 */
import type { LayerNode } from "./layer_tree.ts";

/** A layer's configuration, as far as it is read. */
type Settings = Readonly<Record<string, unknown>>;

/** How a layer's weights are kept. */
export interface Quantisation {
  /** Such as `"int8"`; `undefined` where the kernel is as it was. */
  readonly mode: string | undefined;
  /** Whether blocks of rows have scales of their own. */
  readonly hasBlocks: boolean;
  /** What the product of two smaller kernels is multiplied by before it is added, where there are such. */
  readonly lora: number | undefined;
}

/** What is multiplied to the product of a layer's smaller kernels. */
function loraOf({ lora_rank: rank, lora_alpha: alpha }: Settings): number | undefined {
  return typeof rank === "number" && rank > 0 ? Number(alpha ?? rank) / rank : undefined;
}

/** How a layer's weights are kept, by its configuration; `undefined` if they are as they were. */
export function quantisationOf(settings: Settings): Quantisation | undefined {
  const policy = settings.dtype as { config?: Settings | null } | string | null | undefined;
  const noted = typeof policy === "string" ? /^(.+)_from_/.exec(policy)?.[1] : policy?.config?.mode;
  const lora = loraOf(settings);
  if (typeof noted !== "string") {
    return lora === undefined ? undefined : { mode: undefined, hasBlocks: false, lora };
  }
  const [mode = "", block] = noted.split("/");
  return { mode, hasBlocks: mode === "int4" && Number(block) > 0, lora };
}

/**
 * How the layers of a model were quantised. Of attention layers Keras notes nothing, but quantises their parts with
 * all other layers.
 */
export function quantisationIn(nodes: readonly LayerNode[]): (node: LayerNode) => Quantisation | undefined {
  const elsewhere = nodes.map(({ settings }) => quantisationOf(settings ?? {})).find((found) => found?.mode);
  return ({ settings, className }) =>
    quantisationOf(settings ?? {}) ?? (className.endsWith("Attention") ? elsewhere : undefined);
}

/** How many arrays a layer keeps besides each kernel and its bias; of `float8` the kernel is kept as it was. */
const extras: Readonly<Record<string, number>> = { int8: 1, int4: 1, float8: 6 };

/** Whether weights quantised so can be read. */
export function canDequantise({ mode }: Quantisation): boolean {
  return mode === undefined || Object.hasOwn(extras, mode);
}

/**
 * How many arrays a layer keeps in the file: those that training changes, and the others.
 *
 * @param taken How many the layer takes: a kernel or several, each with or without a bias.
 */
export function keptArrays(
  { mode, hasBlocks, lora }: Quantisation,
  { kernels, biases }: { readonly kernels: number; readonly biases: number },
): { readonly trainable: number; readonly fixed: number } {
  const learned = biases + (lora === undefined ? 0 : 2 * kernels);
  const more = mode === undefined ? 0 : kernels * (extras[mode]! + (hasBlocks ? 2 : 0));
  return mode === "float8"
    ? { trainable: learned + kernels + more, fixed: 0 }
    : { trainable: learned, fixed: kernels + more };
}
