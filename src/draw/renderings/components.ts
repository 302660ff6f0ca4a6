import { scoreText } from "../../base/score_text.ts";
import { quote } from "../../base/quote.ts";
import { type Drawable, type DrawnComponent, mapOf, type NamedRendering, photoOf } from "./rendering.ts";
import { detailsOf, titleOf } from "./title.ts";

/** How many classes of a component are named. */
const mostClasses = 3;

/** What a component speaks for, in words: each class and how much. */
function saidOf({ classes }: DrawnComponent, { unit }: Pick<Drawable, "unit">): string[] {
  return classes.slice(0, mostClasses).map((one) => {
    const name = one.label || (unit === "regression" ? "regression" : `class ${one.classIndex}`);
    return `${name} ${scoreText(one)}`;
  });
}

/** The parts of what the network sees. */
export const componentsRendering: NamedRendering<"components"> = {
  name: "components",
  description:
    "the photo with each part of what the network sees in a colour of its own, and the classes that it speaks for",
  methods: ["deepfeaturefactorization"],
  async draw(explanation, options) {
    const { renderComponents } = await import("../components.ts"); // which text and its fonts belong to
    const map = mapOf(explanation, options);
    if (!map.components?.length) {
      throw new RangeError(
        `Cannot draw components of ${quote(map.method)}: use the method ${
          componentsRendering.methods!.join(" or ")
        }`,
      );
    }
    const { placement, unit } = explanation;
    const components = map.components.map((one) => ({ map: one.heatmap, classes: saidOf(one, { unit }) }));
    return await renderComponents(photoOf(explanation), components, {
      ...options,
      placement,
      title: titleOf(map, unit),
      details: detailsOf(explanation, map, { contour: false }),
    });
  },
};
