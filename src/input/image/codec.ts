import { ImageError } from "../../base/errors.ts";

/**
 * Load a decoder that only some files need. That it cannot be had, as when it was never downloaded and there is
 * no network, must not be taken for a damaged file.
 *
 * @throws {ImageError} If it cannot be loaded.
 */
export async function loadCodec<Codec>(load: () => Promise<Codec>): Promise<Codec> {
  try {
    return await load();
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    throw new ImageError(`its decoder cannot be loaded: ${reason}`, { cause: error });
  }
}
