import type { Question } from "./children/answer.ts";
import type { Environments } from "./environments.ts";
import type { NetworkFiles } from "./files.ts";
import type { Network } from "./networks.ts";
import type { Command } from "./process.ts";

/** What peers are started with. */
export interface Setting {
  /** Their Pythons. */
  readonly environments: Environments;
  /** The networks' files. */
  readonly files: NetworkFiles;
  /** The photo as numbers. */
  readonly input: string;
  /** How many threads each may use. */
  readonly threads: number;
}

/** What is timed: the whole way from the input to the map, or the forward pass alone. */
export type Task = "heatmap" | "forward";

/** A program that is measured beside ours. */
export interface Peer {
  /** How tables call it. */
  readonly name: string;
  /** What `--only` calls it. */
  readonly option: string;
  /** What of it is timed. */
  readonly tasks: readonly Task[];
  /**
   * The networks that it is timed with, by name.
   * @default {all of them}
   */
  readonly networks?: readonly string[];
  /**
   * Whose networks it reads.
   * @default {all of them}
   */
  readonly reads?: Network["from"];
  /**
   * What our map is asked for to be comparable; without it the scores are compared, where there are no maps. What computes
   * no network at all is compared with nothing.
   */
  readonly sameAs?: Question["options"] | "nothing";
  /**
   * Whether it can be told another layer than the one that it takes by itself.
   * @default {false}
   */
  readonly takesLayers?: boolean;
  /** The process that stays alive and answers. */
  warm(network: Network, setting: Setting): Promise<Command>;
  /** The process that goes from the photo to an overlay once; `undefined` where there is none. */
  cold?(network: Network, setting: Setting, out: string): Promise<Command>;
}

/** A script in Python. */
export function script(name: string): string {
  return new URL(`python/${name}`, import.meta.url).pathname;
}

/** Whether a peer is measured with a network. */
export function takes({ networks, reads, takesLayers }: Peer, { name, from, isInner }: Network): boolean {
  return (networks?.includes(name) ?? true) && (reads === undefined || reads === from) &&
    (!isInner || takesLayers === true);
}
