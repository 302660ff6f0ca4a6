/**
 * The same job with a peer in a pandas UDF, on a cluster of the same kind.
 *
 * @module
 */
import { type Environment, Environments } from "../../bench/peers/environments.ts";
import { type Form, NetworkFiles } from "../../bench/peers/files.ts";
import { networks } from "../../bench/peers/networks.ts";
import { Cluster, type SparkTools } from "./cluster.ts";
import type { SparkRun } from "./run.ts";

const job = new URL("explain_with_peer.py", import.meta.url).pathname;
const models = new URL("../../bench/service/peers/", import.meta.url).pathname;

/** What Spark needs in a Python whose functions take columns. */
const forColumns = ["pandas==3.1.1", "pyarrow==26.0.1"];

/** A peer that Spark can run. */
export interface SparkPeer {
  /** What `peer_models.py` calls it. */
  readonly name: string;
  readonly environment: Environment["name"];
  readonly form: Form;
  readonly extension: string;
}

/** The peers that are measured. */
export const sparkPeers: readonly SparkPeer[] = [
  { name: "aucmedi", environment: "tf", form: "keras", extension: "keras" },
  { name: "pytorch-grad-cam", environment: "torch", form: "torch", extension: "pt" },
];

/** Makes what peers need. */
export class PeerMaker {
  readonly #environments: Environments;
  readonly #files: NetworkFiles;

  /**
   * @param folder Where environments and networks are made.
   * @param python What makes the environments.
   */
  constructor(folder: string, python: string) {
    this.#environments = new Environments({ folder, python, given: {} });
    this.#files = new NetworkFiles(`${folder}/networks`, this.#environments);
  }

  /** The Python of a peer, and its model's file; made unless they are there. */
  async make({ environment, form, extension }: SparkPeer): Promise<{ python: string; model: string }> {
    const model = await this.#files.path(networks[0]!, form, extension);
    return { python: await this.#environments.pythonWith(environment, ...forColumns), model };
  }
}

/**
 * Run a peer's job; how long it took, in seconds.
 *
 * @throws {Error} If a photo that can be read has no map.
 */
export async function runPeerOnSpark(
  tools: SparkTools,
  { place, list, photos }: SparkRun,
  { name, python, model, partitions }: { name: string; python: string; model: string; partitions: number },
): Promise<number> {
  const cluster = await Cluster.start({ ...tools, python, variables: { PYTHONPATH: models } }, place, 2);
  try {
    const maps = `${place}/${name}`;
    const { code, said, seconds } = await cluster.submit([
      ...[job, name, model, list, `${place}/${name}.parquet`, maps],
      ...["--partitions", `${partitions}`],
    ]);
    const made = await Array.fromAsync(Deno.readDir(maps)).catch(() => []);
    if (code !== 0 || made.length < photos.length * 0.95) {
      throw new Error(
        `${name} made ${made.length} maps of ${photos.length} and ended with ${code}:\n${said}`,
      );
    }
    return seconds;
  } finally {
    await cluster.stop();
  }
}
