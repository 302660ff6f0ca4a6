/** Work for senders who have left is dropped, whatever it has come to. */
import { assertEquals } from "@std/assert";
import type { Engine, ExplainAnswer, ExplainTask } from "./engine/mod.ts";
import { answerProblems } from "./front/problems.ts";
import type { HandlerOptions } from "./options.ts";
import { begin, exchangeOf, send, until } from "./receive/testing.ts";
import { explainRoute } from "./routes/explain.ts";
import { Service } from "./service.ts";

/** An engine whose work does not end until it is dropped. */
class EndlessEngine implements Engine {
  readonly concurrency = 1;
  readonly state = { backend: null, isOpen: true, workers: 0, replaced: 0, tensors: 0 };
  /** Told of each piece of work, in order. */
  readonly events: string[] = [];

  explain(_: ExplainTask, signal: AbortSignal): Promise<ExplainAnswer> {
    this.events.push("begun");
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        this.events.push("dropped");
        reject(signal.reason);
      });
    });
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  report(): never {
    throw new Error("Nobody asks for it");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class EndlessService extends Service {
  override readonly engine: EndlessEngine = new EndlessEngine();
}

interface Tested {
  readonly port: number;
  readonly service: EndlessService;
  readonly problems: (string | undefined)[];
  readonly errors: unknown[];
}

async function withEndlessService(
  options: HandlerOptions,
  use: (tested: Tested) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const service = new EndlessService({ ...options, onError: (error) => void errors.push(error) });
  const problems: (string | undefined)[] = [];
  const end = new AbortController();
  const listening = { port: 0, hostname: "127.0.0.1", onListen() {}, signal: end.signal };
  const server = Deno.serve(listening, async (request) => {
    const exchange = exchangeOf(request, service);
    const response = await answerProblems(exchange, explainRoute.methods.POST!);
    problems.push(exchange.problem?.detail);
    return response;
  });
  try {
    await use({ port: server.addr.port, service, problems, errors });
  } finally {
    end.abort();
    await server.finished;
  }
}

/** Send all of a photo, of which nothing is read. */
async function sendPhoto(port: number, length = 5): Promise<Deno.TcpConn> {
  const connection = await begin(port, [`Content-Length: ${length}`]);
  await send(connection, new Uint8Array(length));
  return connection;
}

const left = "The client has left";
const noAnswer = "Cannot answer the request: its sender has left";

Deno.test("explaining is dropped while it runs and while it waits, once its sender has left", async () => {
  await withEndlessService({ queue: 3 }, async ({ port, service, problems, errors }) => {
    const { gate, engine } = service;
    const running = await sendPhoto(port);
    await until(() => gate.state.running === 1);
    const waiting = await Promise.all([1, 2, 3].map(() => sendPhoto(port)));
    await until(() => gate.state.waiting === 3);

    for (const connection of waiting.slice(0, 2)) connection.close();
    await until(() => gate.state.waiting === 1);
    assertEquals(engine.events, ["begun"]); // nothing was done for those who waited

    running.close();
    await until(() => engine.events.length === 3);
    assertEquals(engine.events, ["begun", "dropped", "begun"]); // the third's turn has come at once
    assertEquals(gate.state, { running: 1, waiting: 0 });

    waiting[2]!.close();
    await until(() => gate.state.running === 0);
    await until(() => problems.length === 4);
    assertEquals(problems, [left, left, left, left]);
    assertEquals([errors, engine.events.length], [[], 4]);
  });
});

Deno.test("five senders who leave at once hold nobody up", async () => {
  await withEndlessService({ queue: 8 }, async ({ port, service, problems }) => {
    const senders = await Promise.all([1, 2, 3, 4, 5].map(() => sendPhoto(port)));
    await until(() => service.gate.state.waiting === 4);
    for (const connection of senders) connection.close();
    await until(() => problems.length === 5, 1000);
    assertEquals([service.gate.state, service.receiving.state], [
      { running: 0, waiting: 0 },
      { receiving: 0, bytes: 0 },
    ]);
  });
});

Deno.test("nothing is begun for a sender who has left, where the platform does not tell of it", async () => {
  await withEndlessService({ queue: 8 }, async ({ port, service, problems }) => {
    const { gate, engine } = service;
    const running = await sendPhoto(port);
    await until(() => gate.state.running === 1);
    const waiting = await Promise.all([100_000, 100_000, 90_000].map((length) => sendPhoto(port, length)));
    await until(() => gate.state.waiting === 3);
    for (const connection of waiting.slice(0, 2)) connection.close();
    await new Promise((resolve) => setTimeout(resolve, 30));
    running.close();
    await until(() => engine.events.length === 3);
    assertEquals(engine.events, ["begun", "dropped", "begun"]); // the last one's, who has stayed
    assertEquals(gate.state, { running: 1, waiting: 0 });
    await until(() => problems.length === 3);
    assertEquals(problems.slice(1), [noAnswer, noAnswer]);
    waiting[2]!.close();
  });
});

Deno.test("a time limit drops work, though its sender waits", async () => {
  await withEndlessService({ timeLimitMs: 50 }, async ({ port, service, problems }) => {
    const connection = await sendPhoto(port);
    await until(() => problems.length === 1);
    assertEquals(problems, ["The work took longer than 50 ms, and was ended"]);
    assertEquals([service.engine.events, service.gate.state.running], [["begun", "dropped"], 0]);
    connection.close();
  });
});
