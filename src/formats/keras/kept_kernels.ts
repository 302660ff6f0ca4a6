import type { KerasArray } from "./keras_file.ts";

/** What a quantised kernel is kept as: its own numbers, and what brings them back to scale. */
export interface KeptKernel {
  readonly kernel: KerasArray;
  readonly bias?: KerasArray;
  readonly scale?: KerasArray;
  readonly zero?: KerasArray;
  /** The block of each row. */
  readonly blocks?: KerasArray;
  /** Two smaller kernels, whose product is added. */
  readonly down?: KerasArray;
  readonly up?: KerasArray;
}

type Role = keyof KeptKernel;

/** What an array is, by the end of its name. */
const roles: Readonly<Record<string, Role>> = {
  kernel: "kernel",
  embeddings: "kernel",
  bias: "bias",
  kernel_scale: "scale",
  embeddings_scale: "scale",
  kernel_zero: "zero",
  embeddings_zero: "zero",
  g_idx: "blocks",
  lora_kernel_a: "down",
  lora_embeddings_a: "down",
  lora_kernel_b: "up",
  lora_embeddings_b: "up",
};

/** Archives number the arrays of a layer, in this order. */
const order: readonly Role[] = ["kernel", "bias", "scale", "zero", "blocks"];

/** The part of a layer that an array belongs to, by its name. */
export function partOf({ name }: KerasArray): string {
  return name.replace(/(\/vars)?\/[^/]+$/, "");
}

/** The arrays of each kernel of a layer: an attention layer has several, in parts of their own. */
export function groupKernels(arrays: readonly KerasArray[], hasBias: boolean): KeptKernel[] {
  const parts = Map.groupBy(arrays, partOf);
  return [...parts.values()].map((part) => {
    const numbered = order.filter((role) => role !== "bias" || hasBias);
    const entries = part.flatMap((array, index) => {
      const own = array.name.split("/").at(-1)!.replace(/:\d+$/, "");
      const role = /^\d+$/.test(own) ? numbered[index] : roles[own];
      return role ? [[role, array] as const] : [];
    });
    return Object.fromEntries(entries) as unknown as KeptKernel;
  });
}
