import { Feed } from "../../jobs/feed.ts";
import { inOrder } from "../../jobs/in_order.ts";
import type { ModelRequest } from "../session.ts";
import { type Answer, answerRecord } from "./answer.ts";
import type { ArrivedRecord } from "./records.ts";
import type { ReadRecord } from "./record.ts";
import { Room } from "./room.ts";
import type { WorkForce } from "./work_force.ts";

/** How many records each thread may be ahead of the one whose turn it is. */
const lead = 2;

/** How many bytes of records are in memory at most; a larger one is there alone. */
const mostBytes = 2 ** 27;

/** Options of {@linkcode work}. */
export interface WorkOptions {
  readonly force: WorkForce;
  /** What the run was told of the model. */
  readonly model: ModelRequest;
  /** Whether a record has been answered before. */
  readonly isDone: (record: ReadRecord) => boolean;
  /** Takes each answer, in the records' order; the next waits for it. */
  readonly tell: (answer: Answer) => Promise<void>;
  /** When it is given no more records are taken; those that were are answered. */
  readonly stop: AbortSignal;
}

/**
 * Answer records as they come, in their order. Reading ahead is bounded: whoever reads the answers slowly holds back the
 * records. What was taken is done when this ends, also where it fails.
 *
 * @throws What reading the records or telling the answers throws.
 */
export async function work(records: AsyncIterable<ArrivedRecord>, options: WorkOptions): Promise<void> {
  const { force, model, isDone, tell, stop } = options;
  const room = new Room(mostBytes);
  const underWay = new Set<Promise<unknown>>();

  async function* arriving(): AsyncGenerator<ArrivedRecord> {
    for await (const arrived of records) {
      if (isDone(arrived.record)) continue;
      await room.take(arrived.bytes);
      yield arrived;
    }
  }

  async function answer({ record, bytes }: ArrivedRecord): Promise<{ answer: Answer; bytes: number }> {
    const answering = answerRecord(record, force, model);
    underWay.add(answering);
    try {
      return { answer: await answering, bytes };
    } finally {
      underWay.delete(answering);
    }
  }

  const feed = new Feed(arriving(), stop);
  try {
    for await (const { answer: one, bytes } of inOrder(feed, force.size * lead, answer)) {
      await tell(one);
      room.give(bytes);
    }
  } catch (error) {
    if (!stop.aborted || error !== stop.reason) throw error;
  } finally {
    await Promise.allSettled(underWay);
    await feed.close();
  }
}
