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

async function ping(connection: Deno.TcpConn, question: Uint8Array, buffer: Uint8Array): Promise<number> {
  const start = performance.now();
  await connection.write(question);
  const size = await connection.read(buffer); // the answer is far smaller than the buffer
  const line = new TextDecoder().decode(buffer.subarray(0, Math.min(size ?? 0, 12)));
  if (line !== "HTTP/1.1 200") throw new Error(`Answered "${line}"`);
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
