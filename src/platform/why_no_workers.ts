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
  const state = globalThis.Deno?.permissions.querySync({ name: "read", path: location }).state ?? "granted";
  return state === "granted" ? undefined : "workers must be read: allow it with --allow-read";
}
