import { Problem } from "../problem.ts";

/** How many bodies are being received. */
export interface ReceivingState {
  /** Bodies that are being received. */
  readonly receiving: number;
  /** Bytes of memory that are held for them. */
  readonly bytes: number;
}

/** Options of {@linkcode Receiving}. */
export interface ReceivingOptions {
  /** How many bodies are received at a time. */
  readonly maxReceiving: number;
  /** How many bytes are held for all of them. */
  readonly maxReceivingBytes: number;
}

/** One body's place among those that are received. */
export interface Place {
  /**
   * Hold more memory.
   *
   * @throws {Problem} 503 if all bodies together would hold too much.
   */
  hold(bytes: number): void;
}

function busy(what: string): Problem {
  return new Problem(503, `The server is busy: ${what}: try again`, { "retry-after": "1" }, "receiving-full");
}

/** Bounds what is received at a time, by number and by bytes; whoever waits to be explained is no longer among it. */
export class Receiving {
  readonly #options: ReceivingOptions;
  #receiving = 0;
  #bytes = 0;

  /** @param options The bounds. */
  constructor(options: ReceivingOptions) {
    this.#options = options;
  }

  /** How much there is. */
  get state(): ReceivingState {
    return { receiving: this.#receiving, bytes: this.#bytes };
  }

  /**
   * Receive something in a place of its own, which is given up when that has ended.
   *
   * @throws {Problem} 503 if there is no place.
   */
  async receive<Result>(run: (place: Place) => Promise<Result>): Promise<Result> {
    const { maxReceiving, maxReceivingBytes } = this.#options;
    if (this.#receiving >= maxReceiving) throw busy(`${this.#receiving} requests are being received`);
    let held = 0;
    const hold = (bytes: number) => {
      if (this.#bytes + bytes > maxReceivingBytes) {
        throw busy("the requests being received are too large together");
      }
      held += bytes;
      this.#bytes += bytes;
    };
    this.#receiving++;
    try {
      return await run({ hold });
    } finally {
      this.#receiving--;
      this.#bytes -= held;
    }
  }
}
