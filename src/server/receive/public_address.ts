import ipaddr from "npm:ipaddr.js@2.5.0";

/** The addresses of IPv6 that are given out to the world; all others are for something else. */
const worldwide = ipaddr.parseCIDR("2000::/3");

/** Documentation that was added after the library's list (RFC 9637). */
const documentation = ipaddr.parseCIDR("3fff::/20");

/**
 * Whether an address is one of the public network: not private, shared, of this machine or this link, for many, for
 * documentation or tests, nor one of IPv4 that is written as one of IPv6.
 *
 * @param address Of IPv4 or IPv6, without brackets.
 */
export function isPublicAddress(address: string): boolean {
  const isWhole = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  if (!isWhole || address.includes("%")) return false; // with a zone it is of one link
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(worldwide) && !parsed.match(documentation);
}
