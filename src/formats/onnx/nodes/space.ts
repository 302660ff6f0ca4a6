import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import type { Live } from "../value.ts";
import { transposed } from "./shaping.ts";

/** Blocks of pixels made channels, or channels blocks: reshaped, its axes in another order, and reshaped. */
function rearranged(
  node: NodeContext,
  x: Live,
  inner: readonly number[],
  order: readonly number[],
  shape: readonly number[],
): Live {
  return node.reshaped(transposed(node.reshaped(x, inner, "blocks"), order), shape);
}

const depthToSpace: NodeTranslator = (node) => {
  const x = node.live(0), block = node.attributes.int("blocksize", 1);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const depth = c / block ** 2;
  if (!Number.isInteger(depth)) node.fail("has blocks that do not fit");
  const shape = [n, depth, h * block, w * block];
  return node.attributes.text("mode", "DCR") === "CRD"
    ? rearranged(node, x, [n, depth, block, block, h, w], [0, 1, 4, 2, 5, 3], shape)
    : rearranged(node, x, [n, block, block, depth, h, w], [0, 3, 4, 1, 5, 2], shape);
};

const spaceToDepth: NodeTranslator = (node) => {
  const x = node.live(0), block = node.attributes.int("blocksize", 1);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const [height, width] = [h / block, w / block];
  if (!Number.isInteger(height) || !Number.isInteger(width)) node.fail("has blocks that do not fit");
  return rearranged(node, x, [n, c, height, block, width, block], [0, 3, 5, 1, 2, 4], [
    n,
    c * block ** 2,
    height,
    width,
  ]);
};

/** Blocks of pixels. */
export const spaceNodes: NodeTranslators = { DepthToSpace: depthToSpace, SpaceToDepth: spaceToDepth };
