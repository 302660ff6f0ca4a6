import type { Json } from "../inbound.ts";
import type { KnownShape } from "./network.ts";

/** A class of keras-hub's, of which a file keeps its settings alone. */
export interface HubClass {
  readonly className: string;
  /**
   * The same as a functional model of Keras's own layers, and of other such classes.
   *
   * @param settings As the file has them.
   * @param input The shape of what it takes, as far as it is noted.
   * @throws {TypeError} If one is not what it should be.
   */
  write(settings: Json, input: KnownShape): Json;
}
