/**
 * Clients: each sends photos of its own, one after the other, and holds every answer to the one that the photo got when
 * it was sent alone.
 *
 * @module
 */
import { Connection, type Reply, requestBytes } from "./connection.ts";
import type { Photo } from "./photos.ts";

/** What of an answer tells whose it is. */
export interface Answer {
  /** The class that was explained. */
  readonly classIndex: string;
  /** Its score. */
  readonly score: number;
  /** Height and width of the overlay in pixels; 0 where it is no PNG. */
  readonly size: readonly [height: number, width: number];
}

/** A photo ready to be sent, and the answer that is its own. */
export interface Sending {
  /** The whole request. */
  readonly request: Uint8Array;
  /** What came when it was sent alone. */
  readonly answer: Answer;
}

/** What clients saw. */
export interface Seen {
  /** From the first try to the whole answer of each photo, waits after 503 among it, in ms. */
  readonly ms: number[];
  /** How often the answer was 503. */
  busy: number;
  /** Answers that were neither the photo's own nor a clean 503, and lost connections, a line each. */
  readonly wrong: string[];
  /** From the first photo to the last answer, in seconds. */
  seconds: number;
}

/** Scores differ in their last digits with the number of threads. */
const scoreTolerance = 1e-3;

/** Height and width in the header of a PNG; 0 of anything else. */
function pngSize(bytes: Uint8Array): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return bytes.length >= 24 && view.getUint32(0) === 0x89504e47
    ? [view.getUint32(20), view.getUint32(16)]
    : [0, 0];
}

function isSame(a: Answer, b: Answer): boolean {
  return a.classIndex === b.classIndex && Math.abs(a.score - b.score) <= scoreTolerance &&
    a.size.join() === b.size.join();
}

/** What of a reply tells whose it is. */
function answerIn({ headers, start }: Reply): Answer {
  return {
    classIndex: headers.get("gradcam-class") ?? "none",
    score: Number(headers.get("gradcam-score")),
    size: pngSize(start),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What is posted. */
interface Content {
  readonly body: Uint8Array;
  readonly type: string;
}

/** A photo as the only file of a form. */
function asForm({ bytes, type }: Photo): Content {
  const boundary = "----photo";
  const disposition = 'Content-Disposition: form-data; name="photo"; filename="photo"';
  const [before, after] = [
    `--${boundary}\r\n${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
    `\r\n--${boundary}--\r\n`,
  ].map((text) => new TextEncoder().encode(text));
  const body = new Uint8Array(before!.length + bytes.length + after!.length);
  body.set(before!);
  body.set(bytes, before!.length);
  body.set(after!, before!.length + bytes.length);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

/**
 * Send each photo alone, and note the answers; they must differ from each other, or nothing could be told by them.
 *
 * @param url Where photos are taken.
 * @param photos What to send.
 * @param options Whether as files of forms.
 * @throws {Error} If one is not answered, or two are answered alike.
 */
export async function prepareSendings(
  url: string,
  photos: readonly Photo[],
  { asForms = false }: { asForms?: boolean } = {},
): Promise<Sending[]> {
  const connection = new Connection(url);
  try {
    const sendings: Sending[] = [];
    for (const photo of photos) {
      const request = requestBytes(url, asForms ? asForm(photo) : { body: photo.bytes, type: photo.type });
      const reply = await connection.send(request);
      if (reply.status !== 200) throw new Error(`A photo sent alone was answered with ${reply.status}`);
      const answer = answerIn(reply);
      if (sendings.some((other) => isSame(answer, other.answer))) {
        throw new Error(`Two photos have the same answer: ${JSON.stringify(answer)}`);
      }
      sendings.push({ request, answer });
    }
    return sendings;
  } finally {
    connection.close();
  }
}

/** What clients do between photos, such as something hostile. */
export type Between = () => Promise<void>;

/** Options of {@linkcode runClients}. */
export interface ClientsOptions {
  /** How many send at the same time. */
  readonly clients: number;
  /** When no more is sent: after so many seconds, */
  readonly seconds?: number;
  /** or after so many photos in all. */
  readonly photos?: number;
  /** What each does after each photo. */
  readonly between?: Between;
}

/**
 * Let clients send their photos, over a connection each that stays open; after 503 they wait as they are told.
 *
 * @param url Where photos are taken.
 * @param sendings All photos; client `i` of `n` has the photos `i`, `i + n`, ….
 */
export async function runClients(
  url: string,
  sendings: readonly Sending[],
  { clients, seconds = Infinity, photos = Infinity, between = async () => {} }: ClientsOptions,
): Promise<Seen> {
  if (clients > sendings.length) throw new RangeError(`Cannot give ${clients} clients photos of their own`);
  const seen: Seen = { ms: [], busy: 0, wrong: [], seconds: 0 };
  const start = performance.now();
  const end = start + seconds * 1000;
  let begun = 0;
  /** Send until there is an answer; what is on its way at the end is waited for, what must be tried again is given up. */
  async function sendUntilAnswered({ request, answer }: Sending, connection: Connection): Promise<void> {
    const first = performance.now();
    for (;;) {
      const reply = await connection.send(request);
      const { status } = reply;
      const retryAfter = Number(reply.headers.get("retry-after") ?? 0);
      if (status === 503 && retryAfter > 0) {
        seen.busy++;
        await pause(retryAfter * 1000);
        if (performance.now() > end) return;
        continue;
      }
      const came = answerIn(reply);
      if (status !== 200 || !isSame(came, answer)) {
        seen.wrong.push(`${JSON.stringify({ status, ...came })} instead of ${JSON.stringify(answer)}`);
      }
      seen.ms.push(performance.now() - first);
      seen.seconds = (performance.now() - start) / 1000;
      return;
    }
  }
  async function runOne(index: number): Promise<void> {
    const connection = new Connection(url);
    const own = sendings.filter((_, at) => at % clients === index);
    for (let count = 0; performance.now() < end && begun < photos; count++) {
      begun++;
      try {
        await sendUntilAnswered(own[count % own.length]!, connection);
      } catch (error) {
        seen.wrong.push(`lost: ${(error as Error).message}`);
        await pause(100);
      }
      await between();
    }
    connection.close();
  }
  await Promise.all(Array.from({ length: clients }, (_, index) => runOne(index)));
  return seen;
}
