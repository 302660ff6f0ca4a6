/** Where the program of the service's workers is, beside this module on disk as on a server. */
export const workerLocation: URL = new URL("./worker.ts", import.meta.url);
