import type { RateLimit } from "../options.ts";

/** How many clients are remembered; of more, those that asked longest ago are forgotten. */
const mostClients = 10_000;

/** What a client has left. */
interface Bucket {
  /** How many requests it may send now. */
  left: number;
  /** When that was so, in milliseconds. */
  at: number;
}

/** Limits how many requests each client sends: a bucket of them a client, which fills again over time. */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param limit How many requests each may send.
   * @throws {RangeError} If a number is out of range.
   */
  constructor({ perSecond, burst = Math.max(1, 10 * perSecond) }: RateLimit) {
    if (!(perSecond > 0 && perSecond < Infinity)) {
      throw new RangeError(`Cannot use rateLimit.perSecond ${perSecond}: it is more than 0`);
    }
    if (!(burst >= 1 && burst < Infinity)) {
      throw new RangeError(`Cannot use rateLimit.burst ${burst}: it is 1 at least`);
    }
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** How many clients are remembered. */
  get clients(): number {
    return this.#buckets.size;
  }

  /**
   * Count a request of a client.
   *
   * @param client Who it is.
   * @param now In milliseconds.
   * @returns In how many seconds it may ask again; 0 where it may now.
   */
  take(client: string, now: number = performance.now()): number {
    const bucket = this.#buckets.get(client) ?? { left: this.#burst, at: now };
    const left = Math.min(this.#burst, bucket.left + Math.max(0, now - bucket.at) / 1000 * this.#perSecond);
    const isAllowed = left >= 1;
    this.#buckets.delete(client); // so that it comes last
    this.#buckets.set(client, { left: isAllowed ? left - 1 : left, at: now });
    if (this.#buckets.size > mostClients) this.#buckets.delete(this.#buckets.keys().next().value!);
    return isAllowed ? 0 : (1 - left) / this.#perSecond;
  }
}
