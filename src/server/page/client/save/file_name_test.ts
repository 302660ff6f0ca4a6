import { assertEquals } from "@std/assert";
import type { PlainExplanation } from "../state/answers.ts";
import { fileNameOf } from "./file_name.ts";

function explained(label: string | null, layer = "last"): PlainExplanation {
  return {
    maps: [{ label, classIndex: 7 }],
    unit: null,
    method: "gradcam",
    layer,
  } as unknown as PlainExplanation;
}

Deno.test("fileNameOf() tells photo, class, method, a chosen layer, and kind", () => {
  const rows = [
    ["IMG 01.final.JPG", explained("Egyptian cat"), "img-01-final.egyptian-cat.gradcam.overlay.png"],
    ["a/b\\c.png", explained(null), "a-b-c.class-7.gradcam.overlay.png"],
    ["x.png", explained("Grünblättrige/..:Größe"), "x.grünblättrige-größe.gradcam.overlay.png"],
    ["猫.heic", explained("埃及猫", "block/3:1"), "猫.埃及猫.gradcam.block-3-1.overlay.png"],
    [".png", explained("../../etc/passwd\n"), "photo.etc-passwd.gradcam.overlay.png"],
    ["p.png", explained("x".repeat(500)), `p.${"x".repeat(60)}.gradcam.overlay.png`],
  ] as const;
  for (const [photoName, explanation, name] of rows) {
    const save = { photoName, explanation, defaultLayer: "last", kind: "overlay", ending: ".png" };
    assertEquals(fileNameOf(save), name);
  }
  const two = { explanation: explained("cat"), beside: explained("dog"), photoName: "p.png" };
  const name = fileNameOf({ ...two, defaultLayer: "last", kind: "overlay", ending: ".png" });
  assertEquals(name, "p.cat.gradcam.vs.dog.gradcam.overlay.png");
});
