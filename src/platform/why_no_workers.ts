import { isPermitted } from "./permission.ts";

/**
 * Why there can be no workers; `undefined` where there can. Permission is not asked for.
 *
 * @param location Where their program is.
 */
export function whyNoWorkers(location: URL): string | undefined {
  if (typeof SharedArrayBuffer === "undefined" || typeof Worker === "undefined") {
    return "this platform has no workers";
  }
  if (location.protocol !== "file:") return undefined;
  const isReadable = isPermitted({ name: "read", path: location }) !== false;
  return isReadable ? undefined : "workers must be read: allow it with --allow-read";
}
