import type { Answer, Exchange } from "../exchange.ts";
import type { RequestRecord } from "../options.ts";

/** The status of requests whose clients have left, as nginx has it. */
const clientLeft = 499;

/** Whether a client has left: of one that leaves while it sends, the platform says no more than that its body ends. */
function hasLeft({ request, problem }: Exchange): boolean {
  return request.signal.aborted || problem?.code === "cut-short";
}

/** How many bytes an answer has, where it says so. */
function lengthOf({ body, headers }: Response): number | undefined {
  if (body === null) return 0;
  const length = headers.get("content-length");
  return length === null ? undefined : Number(length);
}

/** Gives the answer its request's id, counts it, and tells whoever logs of it. */
export async function recordRequest(exchange: Exchange, next: Answer): Promise<Response> {
  const { id, request, route, began, service } = exchange;
  const time = new Date().toISOString();
  const response = await next(exchange);
  response.headers.set("x-request-id", id);
  const { received, problem } = exchange;
  const record: RequestRecord = {
    id,
    time,
    method: request.method.slice(0, 20),
    route: route?.path ?? "none",
    status: hasLeft(exchange) ? clientLeft : response.status,
    ms: performance.now() - began,
    received,
    sent: lengthOf(response),
    ...problem && { problem: problem.detail },
  };
  service.metrics.add(record);
  try {
    service.options.onRequest?.(record);
  } catch (error) {
    service.tell(error);
  }
  return response;
}
