import { isPhotoName } from "../input/image/folder_names.ts";
import { boxOf } from "./raster.ts";
import { readMaskPicture } from "./mask_picture.ts";
import type { FoundEntries, FoundTruth, NamedTruthFormat } from "./truth_format.ts";
import { stemOf, type TruthFile } from "./truth_source.ts";

/** What a mask's name may have after the photo's. */
const suffix = /[._-](mask|masks|seg|segmentation|gt|label)$/i;

/** Folders that are named after what is in them, and not after a class. */
const plainFolder = /^(masks?|images?|labels?|annotations?|train|training|val|valid|validation|test)\d*$/i;

/** The folder that a mask lies in, which is named after its class. */
function classOf({ path }: TruthFile): string | undefined {
  const folder = path.split("/").at(-2);
  return folder === undefined || plainFolder.test(folder) ? undefined : folder;
}

/** The name of the photo that a mask is of. */
function photoOf({ path }: TruthFile): string {
  const name = stemOf(path.split("/").at(-1)!);
  return name.replace(suffix, "");
}

async function readMasks(files: readonly TruthFile[]): Promise<FoundTruth> {
  const objects = await Promise.all(files.map(async (file) => {
    const mask = await readMaskPicture(await file.read(), file.path);
    const box = mask && boxOf(mask);
    return mask ? [{ label: classOf(file), boxes: box ? [box] : [], mask }] : [];
  }));
  return { objects: objects.flat(), problems: [] };
}

/** Pictures of two colours, a folder of one for each photo. */
export const masksFormat: NamedTruthFormat = {
  name: "masks",
  title: "mask pictures",
  description:
    "a folder of pictures named after the photos (cat.png or cat_mask.png for cat.jpg), white where the object is; in folders " +
    "inside it, which are named after classes, one a class",
  recognise: (source) =>
    Promise.resolve(source.files.some(({ path }) => isPhotoName(path.split("/").at(-1)!))),
  open(source): Promise<FoundEntries> {
    const masks = source.files.filter(({ path }) => isPhotoName(path.split("/").at(-1)!));
    const byPhoto = Map.groupBy(masks, photoOf);
    return Promise.resolve({
      entries: [...byPhoto].map(([file, files]) => ({ file, read: () => readMasks(files) })),
      warnings: [],
    });
  },
};
