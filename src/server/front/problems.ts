import type { Answer, Exchange } from "../exchange.ts";
import { Problem, problemResponse, toProblem } from "../problem.ts";

/** Nobody is told so; it is for the log. */
const left = new Problem(499, "Cannot answer the request: its sender has left", {}, "client-left");

/** Whether work was dropped since whoever asked for it has left. */
function hasLeft({ signal }: Request, error: unknown): boolean {
  return signal.aborted &&
    (error === signal.reason || error instanceof DOMException && error.name === "AbortError");
}

/** Tells what was thrown as problem details, and whoever runs the server of what is the server's own. */
export async function answerProblems(exchange: Exchange, next: Answer): Promise<Response> {
  const { request, service } = exchange;
  const { onError = console.error } = service.options;
  try {
    return await next(exchange);
  } catch (error) {
    const problem = hasLeft(request, error) ? left : toProblem(error);
    if (problem.status === 500 || (problem.status > 500 && !(error instanceof Problem))) onError(error);
    exchange.problem = problem.detail;
    await request.body?.cancel().catch(() => {}); // what is not read of a refused body
    return problemResponse(problem);
  }
}
