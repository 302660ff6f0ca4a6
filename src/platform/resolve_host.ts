/**
 * The addresses of a host, of both families.
 *
 * @param host Its name.
 * @param signal Stops the asking.
 * @returns `undefined` where this platform cannot tell, or may not: then nothing is known of where a connection leads. None
 * where the host is not known.
 */
export async function resolveHost(host: string, signal?: AbortSignal): Promise<string[] | undefined> {
  const resolve = globalThis.Deno?.resolveDns;
  if (typeof resolve !== "function") return undefined;
  const asked = (["A", "AAAA"] as const).map((type) => resolve(host, type, signal && { signal }));
  const answers = await Promise.allSettled(asked);
  const failures = answers.filter((answer) => answer.status === "rejected").map(({ reason }) => reason);
  if (failures.some((reason) => !(reason instanceof Deno.errors.NotFound))) return undefined;
  return answers.flatMap((answer) => answer.status === "fulfilled" ? answer.value : []);
}
