import { cut } from "../base/quote.ts";
import { contentOf } from "../jobs/photos_in.ts";
import { toLocation } from "../platform/files.ts";

/** Photos to explain, and what was passed over in the folders that they came from. */
export interface ExpandedPhotos {
  readonly photos: string[];
  /** A line for each folder of which something was passed over. */
  readonly notes: string[];
}

/**
 * Put the photos of folders in the folders' places. A folder without any stays, and is told about in its turn.
 *
 * @param photos Paths, URLs or `-`.
 * @param isRecursive Whether folders inside folders are gone through too.
 */
export async function expandFolders(
  photos: readonly string[],
  isRecursive = false,
): Promise<ExpandedPhotos> {
  const isPath = (photo: string) => photo !== "-" && !(toLocation(photo) instanceof URL);
  const none = { photos: [], others: "" };
  const found = await Promise.all(
    photos.map((photo) => isPath(photo) ? contentOf(photo, isRecursive) : none),
  );
  return {
    photos: photos.flatMap((photo, index) =>
      found[index]!.photos.length > 0 ? found[index]!.photos : [photo]
    ),
    notes: found.flatMap(({ photos: inside, others }, index) =>
      inside.length > 0 && others !== "" ? [`${cut(photos[index])}: passed over: ${others}`] : []
    ),
  };
}
