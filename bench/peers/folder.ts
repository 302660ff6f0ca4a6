/** Where environments and networks are made when nothing else is said. */
export function defaultFolder(): string {
  const given = Deno.env.get("GRADCAM_PEERS");
  if (given) return given;
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${cache}/gradcam-peers`;
}
