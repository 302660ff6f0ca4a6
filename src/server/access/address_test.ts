import { assertEquals } from "@std/assert";
import { addressOf, networkOf } from "./address.ts";

Deno.test("networkOf() takes an IPv6 address for its network, others as they are", async (t) => {
  const cases = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "2001:db8::1": "2001:db8:0:0::/64",
    "2001:DB8:0:0:ffff:1:2:3": "2001:db8:0:0::/64",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
    "no:address": "no:address",
    "proxy.example": "proxy.example",
  };
  for (const [address, network] of Object.entries(cases)) {
    await t.step(address, () => assertEquals(networkOf(address), network));
  }
});

Deno.test("addressOf() is one for all whose address is not known", () => {
  assertEquals(addressOf({ remoteAddr: { hostname: "192.0.2.7" } }), "192.0.2.7");
  for (const info of [{}, { remoteAddr: { path: "/run/socket" } }, { remoteAddr: {} }]) {
    assertEquals(addressOf(info), "unknown");
  }
});
