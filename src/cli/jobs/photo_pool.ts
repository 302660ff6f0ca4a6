import { Explanation } from "../../explain/explanation.ts";
import { Feed } from "../../jobs/feed.ts";
import { inOrder } from "../../jobs/in_order.ts";
import type { JobBackend } from "../../jobs/orders.ts";
import { Pool } from "../../jobs/pool.ts";
import { receiveError } from "../../jobs/sent_error.ts";
import type { JobAnswer, JobSetup } from "./messages.ts";
import type { PhotoResult } from "./photo.ts";
import { workerLocation } from "./worker_location.ts";

/** How many photos each worker may be ahead of the one whose turn it is, so that memory stays bounded. */
const lead = 4;

/** What a worker answered, as if it had been done here. */
function resultOf(answer: JobAnswer): PhotoResult {
  if ("record" in answer) {
    return { explanation: new Explanation(answer.record), saved: answer.saved, cells: answer.cells };
  }
  return { error: receiveError(answer.error), isHopeless: answer.isHopeless };
}

/** Workers that explain photos and save what was found, several at once. */
export class PhotoPool {
  readonly #pool: Pool<JobSetup, number, JobAnswer>;
  readonly #limit: number;

  /**
   * @param jobs How many workers: 2 or more.
   * @param backend Where they compute.
   */
  constructor(jobs: number, backend: JobBackend) {
    this.#pool = new Pool({ location: workerLocation, jobs, backend });
    this.#limit = jobs * lead;
  }

  /**
   * Explain photos.
   *
   * @param signal Stops what is under way, without leaving a file half-written.
   * @returns What became of each, in the order of the photos.
   */
  async *explain(setup: JobSetup, signal: AbortSignal): AsyncGenerator<PhotoResult> {
    signal.addEventListener("abort", () => this.#pool.interrupt(signal.reason));
    this.#pool.prepare(setup).catch(() => {}); // told with each photo
    const photos = new Feed(setup.request.photos.keys());
    yield* inOrder(photos, this.#limit, async (photo) => resultOf(await this.#pool.do(photo)));
  }

  /** Wait for what is under way, so that no file is left half-written, and end the workers. */
  async stop(): Promise<void> {
    await this.#pool.finish();
  }
}
