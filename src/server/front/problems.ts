import type { Answer, Exchange } from "../exchange.ts";
import { Problem, problemResponse, toProblem } from "../problem.ts";

/** Rejects once a signal is given, so that nobody waits for work that is being dropped. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** What is told of a client that has left, for the log alone. */
const left = new Problem(499, "The client has left");

/** Whether the one who runs the server must know of it. */
function isOwn(error: unknown, status: number): boolean {
  return status >= 500 && !(error instanceof Problem);
}

/** Tells what was thrown as problem details, and whoever runs the server of what is the server's own. */
export async function answerProblems(exchange: Exchange, next: Answer): Promise<Response> {
  const { request, service, signal } = exchange;
  try {
    return await Promise.race([next(exchange), whenAborted(signal)]);
  } catch (error) {
    const problem = request.signal.aborted ? left : toProblem(error);
    if (isOwn(error, problem.status)) service.tell(error);
    exchange.problem = problem;
    await request.body?.cancel().catch(() => {}); // what is not read of a refused body
    return problemResponse(problem);
  }
}
