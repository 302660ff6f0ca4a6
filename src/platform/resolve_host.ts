import { isPermitted } from "./permission.ts";

/** Whether this platform can look names up, and may without asking anybody. */
function canResolve(): boolean {
  if (typeof globalThis.Deno?.resolveDns !== "function") return false;
  return isPermitted({ name: "net" }) !== false;
}

/** The addresses of one family; none where there is no record. */
async function addressesOf(
  host: string,
  family: "A" | "AAAA",
  signal: AbortSignal | undefined,
): Promise<string[]> {
  try {
    return await Deno.resolveDns(host, family, signal && { signal });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * The addresses of a host, of both families.
 *
 * @param host Its name.
 * @param signal Stops the asking.
 * @returns None where the host is not known; `undefined` where this platform cannot look names up, or may not (it needs
 * `--allow-net` as a whole): then nothing is known of where a connection leads.
 * @throws {Error} If they cannot be had otherwise.
 */
export async function resolveHost(host: string, signal?: AbortSignal): Promise<string[] | undefined> {
  if (!canResolve()) return undefined;
  const families = (["A", "AAAA"] as const).map((family) => addressesOf(host, family, signal));
  return (await Promise.all(families)).flat();
}
