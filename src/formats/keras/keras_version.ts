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

/** What only Keras 1 writes, as the names of settings in JSON. */
const oldSettings = /"(border_mode|dim_ordering|nb_filter|nb_row|W_regularizer|inner_activation)":/;

/**
 * Whether Keras 1 wrote an architecture.
 *
 * @param text The architecture as JSON.
 * @param version The version that it was written by, where the file says so.
 */
export function isWrittenByKeras1(text: string, version: string | undefined): boolean {
  return version === undefined ? oldSettings.test(text) : /^[01]\./.test(version);
}
