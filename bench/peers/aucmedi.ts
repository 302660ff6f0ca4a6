import { photo } from "./files.ts";
import { type Peer, script } from "./peer.ts";

/** AUCMEDI's GradCAM: the reference, with the same arithmetic. */
export const aucmedi: Peer = {
  name: "AUCMEDI",
  option: "aucmedi",
  tasks: ["heatmap"],
  reads: "keras",
  sameAs: {},
  async warm(network, { environments, files, input }) {
    return {
      program: await environments.python("tf"),
      args: [script("aucmedi_warm.py"), await files.path(network, "keras", "keras"), input, network.layer],
    };
  },
  async cold(network, { environments, files }, out) {
    return {
      program: await environments.python("tf"),
      args: [
        script("aucmedi_cold.py"),
        photo.pathname,
        await files.path(network, "keras", "keras"),
        "285", // Egyptian cat: to look for the best class it would run the network once more
        `${out}aucmedi.png`,
      ],
    };
  },
};
