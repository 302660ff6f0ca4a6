import { rankCorrelationOf } from "./correlation.ts";
import type { NamedMetric } from "./metric.ts";
import { meanLikeness } from "./shift_stability.ts";

/**
 * Stability under JPEG: the rank correlation of the map with that of the photo as a JPEG of a low quality, which looks the same but for
 * blocks. It is what the model sees that is compressed, at the size of its input.
 */
export const jpegStabilityMetric: NamedMetric<"jpegstability"> = {
  name: "jpegstability",
  title: "Stability under JPEG",
  description: "How alike the maps are of the photo and of the photo as a JPEG of a low quality",
  kind: "robustness",
  better: "higher",
  range: [-1, 1],
  needs: "maps",
  settings: { quality: 50 },
  cost: () => ({ maps: 1 }),
  async measure(subject) {
    const { quality = 50 } = subject.settings;
    const image = await subject.image();
    if (!image) return { value: undefined, why: "A tensor was measured: there is no photo to compress" };
    const { encodePicture } = await import("../draw/encodings/mod.ts"); // what lists metrics needs no encoder
    const { decodeImage } = await import("../input/image/mod.ts");
    const again = await decodeImage(await encodePicture(image, { format: "jpeg", quality }));
    const picture = await subject.fromImage(again);
    try {
      return meanLikeness([rankCorrelationOf(subject.pixels.data, (await subject.mapOf(picture)).data)]);
    } finally {
      picture.dispose();
    }
  },
};
