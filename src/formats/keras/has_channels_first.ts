/** What only models have in which some layer has its channels first, or that bring such pictures to channels last. */
const signs = /"data_format":"channels_first"|"class_name":"Permute"/;

/**
 * Whether a model may have its channels first, so that it is worth a closer look.
 *
 * @param config `{ class_name, config }`.
 */
export function mayHaveChannelsFirst(config: unknown): boolean {
  return signs.test(JSON.stringify(config) ?? "");
}
