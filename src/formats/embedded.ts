/** Where the embedded model lies: beside this module, on disk as on a server. */
export const embeddedModel: URL = new URL("../../models/efficientnet_lite0/model.json", import.meta.url);
