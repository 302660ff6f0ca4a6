import { assertEquals } from "@std/assert";
import { readLink, writeLink } from "./link.ts";
import { firstSettings, type Settings } from "./settings.ts";

Deno.test("readLink() reads what writeLink() has written", () => {
  const settings: Settings = {
    model: "birds & more",
    classIndex: 0,
    versus: 3,
    layer: "a/b:1",
    method: "gradcam",
    comparison: { by: "layer", value: "c:2/d" },
    colormap: "jet",
    opacity: "constant",
    alpha: 0,
    contour: true,
    exact: true,
    told: { samples: "20", baseline: "blur" },
    inputs: { "age = x": "1, 2.5" },
  };
  const link = writeLink({ ...settings, photo: 7 }, "cat");
  assertEquals(readLink(`#${link}`), { example: "cat", settings });
  assertEquals(
    writeLink({ ...firstSettings, photo: 3 }, undefined),
    "",
    "a photo stays with whoever chose it",
  );
});

Deno.test("readLink() passes over what cannot be", () => {
  const made = "#class=-1&compare=size:3&colormap=pink&opacity=none&alpha=7&contour=maybe&nonsense=%E0%A4%A";
  const { settings, example } = readLink(made);
  assertEquals(example, undefined);
  for (
    const link of [made, "", "#", "#compare=layer:", "#class=1.5", "#versus=-2", "#alpha=", "#class=1e9"]
  ) {
    const { colormap, opacity, alpha, contour, classIndex, comparison } = readLink(link).settings;
    assertEquals(
      [colormap, opacity, alpha, contour, classIndex, comparison],
      [undefined, "map", undefined, false, undefined, undefined],
      link,
    );
  }
  assertEquals(settings.inputs, {});
});
