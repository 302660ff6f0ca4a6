/** Where the threads' program is, beside this module on disk as on a server. */
export const threadLocation: URL = new URL("./thread.ts", import.meta.url);
