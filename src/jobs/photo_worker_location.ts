/** Where the program of the library's workers is, beside this module on disk as on a server. */
export const photoWorkerLocation: URL = new URL("./photo_worker.ts", import.meta.url);
