import type { RequestRecord } from "./options.ts";
import { counter, type Family, type Sample } from "./metric_text.ts";

/** The upper bounds of a histogram of how long answers took, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** How long the answers of a route took. */
interface Latency {
  /** How many were within each bound and not within the one before; the last holds those beyond all. */
  readonly counts: number[];
  sum: number;
}

/** Requests that have one route, method and status. */
interface Requests {
  readonly labels: Readonly<Record<string, string>>;
  count: number;
}

/** HTTP methods that are told apart; there may be no end to those that are sent. */
const methods = ["GET", "HEAD", "POST", "OPTIONS"];

function samplesOf(route: string, { counts, sum }: Latency): Sample[] {
  let total = 0;
  const buckets = counts.map((count, at) => {
    total += count;
    const le = at < bounds.length ? String(bounds[at]) : "+Inf";
    return { suffix: "_bucket", labels: { route, le }, value: total };
  });
  return [
    ...buckets,
    { suffix: "_sum", labels: { route }, value: sum },
    { suffix: "_count", labels: { route }, value: total },
  ];
}

/** Counts answered requests, by routes, methods and statuses, of which there are not many. */
export class RequestMetrics {
  readonly #requests = new Map<string, Requests>();
  readonly #latencies = new Map<string, Latency>();
  #received = 0;
  #sent = 0;

  /** Count a request in that has been answered. */
  add({ method, route, status, ms, received, sent }: RequestRecord): void {
    const labels = { route, method: methods.includes(method) ? method : "other", status: String(status) };
    const key = JSON.stringify(labels);
    const requests = this.#requests.get(key) ?? { labels, count: 0 };
    requests.count++;
    this.#requests.set(key, requests);
    const latency = this.#latencies.get(route) ?? { counts: Array(bounds.length + 1).fill(0), sum: 0 };
    const seconds = ms / 1000;
    const bound = bounds.findIndex((bound) => seconds <= bound);
    latency.counts[bound < 0 ? bounds.length : bound]!++;
    latency.sum += seconds;
    this.#latencies.set(route, latency);
    this.#received += received;
    this.#sent += sent ?? 0;
  }

  /** All that was counted. */
  families(): Family[] {
    return [
      {
        name: "gradcam_http_requests_total",
        type: "counter",
        help: "Requests that were answered",
        samples: [...this.#requests.values()].map(({ labels, count }) => ({ labels, value: count })),
      },
      {
        name: "gradcam_http_request_duration_seconds",
        type: "histogram",
        help: "From a request's coming to its answer",
        samples: [...this.#latencies].flatMap(([route, latency]) => samplesOf(route, latency)),
      },
      counter("gradcam_http_received_bytes_total", "Bytes of bodies that were received", this.#received),
      counter("gradcam_http_sent_bytes_total", "Bytes of bodies that were sent", this.#sent),
    ];
  }
}
