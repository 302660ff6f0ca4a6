/** @module */
export * from "./src/errors.ts";
