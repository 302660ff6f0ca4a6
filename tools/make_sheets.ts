/**
 * Draw the pictures in docs/pictures: overlays of ten photos, the old way beside the new one, and panels with labels of all
 * kinds. They are made of the photos in testdata alone.
 *
 *     deno task sheet
 */
import { encodePng, explainAll, gradcam, loadModel, resizeHeatmap } from "../mod.ts";
import { renderOverlay } from "../src/draw/overlay.ts";
import { scalePhoto } from "../src/draw/scale_photo.ts";
import { drawText } from "../src/draw/text/draw_text.ts";
import { loadFont } from "../src/draw/text/font.ts";
import type { RgbaImage } from "../src/input/image/types.ts";
import { type SheetPhoto, sheetPhotos } from "./sheet_photos.ts";
import { writeJpeg } from "./write_jpeg.ts";

const folder = new URL("../docs/pictures/", import.meta.url);

/** Pixels: the room of a picture, around it, and for its words. */
const room = { height: 200, width: 290 };
const gap = 12;
const words = 34;
const textSize = 15;

/** Labels as people have them, and the photo that each is drawn with. */
const panels: readonly { readonly label: string; readonly of: string }[] = [
  {
    label: "Patient with bilateral interstitial infiltrates, cardiomegaly, pleural effusion, AP",
    of: "as it is",
  },
  {
    label:
      "left_lower_lobe/opacity_with_air_bronchogram:grade_3_of_4_reviewed_by_two_radiologists_in_2024_final_label_set",
    of: "portrait",
  },
  { label: "Pneumopathie aiguë, œdème; Grünblättrige Größe; żółć, Čeština, İstanbul, Việt Nam", of: "tiny" },
  { label: "Кошка египетская; пневмония левого лёгкого — γάτα, πνευμονία ≥ 2 cm → ½", of: "portrait" },
  { label: "埃及猫 エジプトの猫 이집트 고양이", of: "wide" },
];

function whitePaper(height: number, width: number): RgbaImage {
  return { data: new Uint8ClampedArray(height * width * 4).fill(255), height, width };
}

function paste(target: RgbaImage, { data, height, width }: RgbaImage, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    target.data.set(data.subarray(y * width * 4, (y + 1) * width * 4), ((top + y) * target.width + left) * 4);
  }
}

/** A picture that is no larger than its room. */
function fitted(photo: RgbaImage): RgbaImage {
  const scale = Math.min(room.height / photo.height, room.width / photo.width, 1);
  const size = { height: Math.round(photo.height * scale), width: Math.round(photo.width * scale) };
  return scalePhoto({ photo }, size).photo;
}

/** The photo, its overlay as it was drawn before, bilinear and of one opacity, and as it is drawn now. */
async function drawRow(
  { photo }: SheetPhoto,
  explanation: Awaited<ReturnType<typeof gradcam>>,
): Promise<RgbaImage[]> {
  const bilinear = resizeHeatmap(explanation.heatmap, photo);
  const old = renderOverlay(photo, bilinear, { opacity: "constant" });
  return [photo, old, await explanation.render("overlay")].map(fitted);
}

async function drawOverlays(): Promise<RgbaImage> {
  const font = await loadFont();
  using model = await loadModel();
  const photos = await sheetPhotos();
  const block = { height: room.height + words, width: 3 * (room.width + gap) + gap };
  const sheet = whitePaper(Math.ceil(photos.length / 2) * block.height + gap, 2 * block.width);
  for await (const { index, explanation, error } of explainAll(photos.map(({ photo }) => photo), { model })) {
    if (error) throw error;
    const [left, top] = [index % 2 * block.width + gap, Math.floor(index / 2) * block.height + words];
    const { name, photo: { height, width } } = photos[index]!;
    const said = [`${name}, ${width} × ${height}: ${explanation.label}`, "before", "now"];
    (await drawRow(photos[index]!, explanation)).forEach((picture, column) => {
      const x = left + column * (room.width + gap);
      drawText(font, sheet, said[column]!, { x, y: top - 9, size: textSize, color: [60, 60, 60] });
      paste(sheet, picture, x, top);
    });
  }
  return sheet;
}

async function drawLabels(): Promise<RgbaImage> {
  using model = await loadModel();
  const photos = await sheetPhotos();
  const drawn: RgbaImage[] = [];
  for (const [index, { label, of }] of panels.entries()) {
    const { photo } = photos.find(({ name }) => name === of)!;
    const file = new File(
      [await encodePng(photo) as Uint8Array<ArrayBuffer>],
      `${of.replaceAll(" ", "_")}.png`,
    );
    const labels = Array.from({ length: 1000 }, (_, at) => at === 285 ? label : `class ${at}`);
    const explanation = await gradcam(model, file, { labels, classIndex: 285, relu: index === 2 });
    drawn.push(await explanation.render("panel", { contour: index % 2 === 1 }));
  }
  const [height, width] = [
    drawn.reduce((sum, { height }) => sum + height, 0),
    Math.max(...drawn.map(({ width }) => width)),
  ];
  const sheet = whitePaper(height, width);
  let top = 0;
  for (const panel of drawn) {
    paste(sheet, panel, 0, top);
    top += panel.height;
  }
  return sheet;
}

if (import.meta.main) {
  await Deno.mkdir(folder, { recursive: true });
  await writeJpeg(new URL("overlays.jpg", folder), await drawOverlays(), 86);
  await writeJpeg(new URL("labels.jpg", folder), await drawLabels(), 90);
}
