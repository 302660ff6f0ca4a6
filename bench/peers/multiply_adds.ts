import type { Peer } from "./peer.ts";
import { denoCommand } from "./process.ts";
import { networks } from "./networks.ts";

const child = new URL("children/multiply_adds.ts", import.meta.url);

/** As many multiply-adds as a network's forward pass has, in a loop that does nothing else: what 128 bits can do here. */
export const multiplyAdds: Peer = {
  name: "multiply-adds alone",
  option: "multiply-adds",
  tasks: ["forward"],
  networks: networks.filter(({ multiplyAdds }) => multiplyAdds).map(({ name }) => name),
  sameAs: "nothing",
  warm: ({ multiplyAdds }, { threads }) =>
    Promise.resolve(denoCommand(child, `${multiplyAdds!}`, `${threads}`)),
};
