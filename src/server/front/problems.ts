import type { Answer, Exchange } from "../exchange.ts";
import { Problem, problemResponse, toProblem } from "../problem.ts";

/** Tells what was thrown as problem details, and whoever runs the server of what is the server's own. */
export async function answerProblems(exchange: Exchange, next: Answer): Promise<Response> {
  const { request, service } = exchange;
  const { onError = console.error } = service.options;
  try {
    return await next(exchange);
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status === 500 || (problem.status > 500 && !(error instanceof Problem))) onError(error);
    exchange.problem = problem.detail;
    await request.body?.cancel().catch(() => {}); // what is not read of a refused body
    return problemResponse(problem);
  }
}
