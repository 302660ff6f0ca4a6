import type { NodeTranslator, NodeTranslators } from "../translator.ts";

/** A branch that is known when the model is opened; the other is dropped. */
const branch: NodeTranslator = (node) => {
  const condition = node.constant(0)?.read()[0] ?? node.fail("has no condition");
  const name = condition !== 0 ? "then_branch" : "else_branch";
  return node.inside(node.attributes.graph(name) ?? node.fail("has no such branch"));
};

/** What runs as often as its values say. */
const loop: NodeTranslator = (node) =>
  node.fail("is a loop, which cannot be explained: export the part from the image to the scores");

/** Branches, and what is refused. */
export const controlNodes: NodeTranslators = { If: branch, Loop: loop, Scan: loop };
