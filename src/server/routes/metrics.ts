import { version } from "../../base/version.ts";
import { processMemory } from "../../platform/memory.ts";
import type { Exchange } from "../exchange.ts";
import { sizedResponse } from "../json_response.ts";
import { counter, type Family, gauge, metricMediaType, metricText } from "../metric_text.ts";
import type { Route } from "../route.ts";
import type { Service } from "../service.ts";

function memoryFamilies(): Family[] {
  const memory = processMemory();
  if (!memory) return [];
  return [
    gauge("process_resident_memory_bytes", "Memory that the process holds", memory.resident),
    gauge("process_heap_bytes", "Memory that JavaScript's heap uses of it", memory.heap),
  ];
}

function stateFamilies({ gate, engine, underWay, readiness, photos, receiving }: Service): Family[] {
  const { running, waiting } = gate.state;
  const { workers, replaced, tensors } = engine.state;
  return [
    gauge("gradcam_http_requests_under_way", "Requests that are being answered", underWay.count),
    gauge("gradcam_photos_running", "Photos that are being explained", running),
    gauge("gradcam_photos_waiting", "Photos that wait for their turn", waiting),
    gauge("gradcam_bodies_receiving", "Bodies that are being received", receiving.state.receiving),
    gauge("gradcam_receiving_bytes", "Bytes that are held of them", receiving.state.bytes),
    gauge("gradcam_kept_photos", "Photos that are kept for a while", photos.state.photos),
    gauge("gradcam_kept_photo_bytes", "Bytes of their files", photos.state.bytes),
    gauge("gradcam_workers", "Workers that explain; 0 where the answering thread does", workers),
    counter("gradcam_workers_replaced_total", "Workers that were ended and replaced", replaced),
    gauge("gradcam_tensors", "Tensors that there are", tensors),
    gauge("gradcam_ready", "1 where the models are open and were tried", Number(readiness.state === "ready")),
    gauge("gradcam_draining", "1 where no new work is taken", Number(underWay.isDraining)),
  ];
}

function versionFamily(): Family {
  return {
    name: "gradcam_build_info",
    type: "gauge",
    help: "The version, as a label",
    samples: [{ labels: { version }, value: 1 }],
  };
}

function tellMetrics({ service }: Exchange): Response {
  const families = [
    ...service.metrics.families(),
    ...stateFamilies(service),
    ...memoryFamilies(),
    versionFamily(),
  ];
  return sizedResponse(metricText(families), { headers: { "content-type": metricMediaType } });
}

/** `GET /metrics`: numbers for Prometheus. */
export const metricsRoute: Route = {
  path: "/metrics",
  methods: { GET: tellMetrics },
  operations: {
    GET: () => ({
      operationId: "getMetrics",
      summary: "Requests, latencies, queue, memory and tensors as Prometheus reads them",
      tags: ["operating"],
      responses: {
        200: { description: "The numbers", content: { "text/plain": { schema: { type: "string" } } } },
      },
    }),
  },
};
