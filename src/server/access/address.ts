import type { ConnectionInfo } from "../options.ts";

/** The eight groups of an IPv6 address as URLs write it, such as `2001:db8::1`. */
function groupsOf(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  if (tail === undefined) return before;
  const after = tail === "" ? [] : tail.split(":");
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
}

/**
 * Whom an address belongs to: an IPv6 address counts as its network of 64 bits, of which every customer has one at least,
 * and one that stands for an IPv4 address as that.
 */
export function networkOf(address: string): string {
  const url = address.includes(":") ? URL.parse(`http://[${address.split("%")[0]}]`) : null;
  if (!url) return address;
  const groups = groupsOf(url.hostname.slice(1, -1));
  if (groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff") {
    const [high, low] = [parseInt(groups[6]!, 16), parseInt(groups[7]!, 16)];
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** Where a request came from; all whose address is unknown are one. */
export function addressOf({ remoteAddr }: ConnectionInfo): string {
  if (remoteAddr && "hostname" in remoteAddr && remoteAddr.hostname) return networkOf(remoteAddr.hostname);
  return "unknown";
}
