/**
 * Whether something is permitted; nobody is asked.
 *
 * @param descriptor What it is.
 * @returns `undefined` on hosts that know no permissions.
 */
export function isPermitted(descriptor: Deno.PermissionDescriptor): boolean | undefined {
  const status = globalThis.Deno?.permissions?.querySync(descriptor);
  return status && status.state === "granted";
}
