/** What Keras 3 alone writes. */
const signsOf3 = /"(batch_shape|__keras_tensor__|DTypePolicy|registered_name|quantization_config)"/;

/**
 * The version of Keras that wrote an architecture: as it says, else as its spelling shows. Keras 3 notes none with what
 * `to_json()` gives.
 *
 * @param text The architecture as JSON.
 * @param noted What the file says.
 */
export function versionOf(text: string, noted: string | undefined): string | undefined {
  if (noted !== undefined) return noted;
  return signsOf3.test(text) ? "3" : undefined;
}
