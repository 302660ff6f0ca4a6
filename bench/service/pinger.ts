/**
 * A worker that asks a service how it is, over a connection that stays open, at fixed moments; what else this process does
 * does not disturb it. It is told where and how often, and gives what each took in ms when it is told to end.
 *
 * @module
 */

/** What the worker is told first. */
export interface PingWish {
  readonly url: string;
  readonly path: string;
  readonly everyMs: number;
}

/** How long an answer is, head and body, as soon as its head tells; its parts may come one by one. */
function lengthOf(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  const body = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? NaN);
  return head < 0 ? undefined : head + 4 + body;
}

async function ping(connection: Deno.TcpConn, question: Uint8Array, buffer: Uint8Array): Promise<number> {
  const start = performance.now();
  await connection.write(question);
  let text = "";
  do {
    const size = await connection.read(buffer);
    if (size === null) throw new Error("The connection was closed");
    text += new TextDecoder("latin1").decode(buffer.subarray(0, size));
  } while (text.length < (lengthOf(text) ?? Infinity));
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`Answered ${JSON.stringify(text.slice(0, 40))}`);
  return performance.now() - start;
}

async function run(worker: DedicatedWorkerGlobalScope, { url, path, everyMs }: PingWish): Promise<void> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay();
  const question = new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  const buffer = new Uint8Array(65_536);
  const ms: number[] = [];
  let isDone = false;
  worker.onmessage = () => isDone = true;
  worker.postMessage("ready");
  while (!isDone) {
    const took = await ping(connection, question, buffer);
    ms.push(took);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - took)));
  }
  connection.close();
  worker.postMessage(ms);
}

/** What a worker's global is, which the types of the main thread do not know. */
interface DedicatedWorkerGlobalScope {
  onmessage: ((event: MessageEvent<PingWish>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;
scope.onmessage = ({ data }) => void run(scope, data);
