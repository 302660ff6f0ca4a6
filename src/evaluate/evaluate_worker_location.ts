/** Where the program of an evaluation's workers is, beside this module on disk as on a server. */
export const evaluateWorkerLocation: URL = new URL("./evaluate_worker.ts", import.meta.url);
