import { toLocation } from "../platform/files.ts";
import { photosIn } from "../jobs/photos_in.ts";

/**
 * Put the photos of folders in the folders' places. A folder without any stays, and is told about in its turn.
 *
 * @param photos Paths, URLs or `-`.
 */
export async function expandFolders(photos: readonly string[]): Promise<string[]> {
  const isPath = (photo: string) => photo !== "-" && !(toLocation(photo) instanceof URL);
  const found = await Promise.all(photos.map((photo) => isPath(photo) ? photosIn(photo) : []));
  return photos.flatMap((photo, index) => found[index]!.length > 0 ? found[index]! : [photo]);
}
