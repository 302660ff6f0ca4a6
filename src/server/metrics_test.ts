import { assert, assertEquals, assertMatch } from "@std/assert";
import parsePrometheus from "parse-prometheus-text-format";
import { metricText } from "./metric_text.ts";
import { plainPhoto, posted, withService } from "./testing.ts";

/** A family as the parser gives it. */
interface Parsed {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly metrics: readonly {
    readonly value?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly buckets?: Readonly<Record<string, string>>;
    readonly count?: string;
  }[];
}

function parse(text: string): Map<string, Parsed> {
  const families = parsePrometheus(text) as Parsed[];
  return new Map(families.map((family) => [family.name, family]));
}

Deno.test("metricsRoute tells what was answered, by route, method and status", async () => {
  await withService({}, async ({ ask }) => {
    await (await ask("/v1/explain?format=npy", posted())).body?.cancel();
    await (await ask("/v1/explain?class=none", posted())).body?.cancel();
    for (const path of ["/nothing", "/none/at/all", '/"quoted"\\']) await (await ask(path)).body?.cancel();
    for (const method of ["BREW", "PUT"]) await (await ask("/healthz", { method })).body?.cancel();
    const response = await ask("/metrics");
    assertEquals(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const families = parse(await response.text());
    const { type, metrics } = families.get("gradcam_http_requests_total")!;
    assertEquals(type, "COUNTER");
    assertEquals(metrics.map(({ labels, value }) => [...Object.values(labels!), value]), [
      ["/v1/explain", "POST", "200", "1"],
      ["/v1/explain", "POST", "422", "1"],
      ["none", "GET", "404", "3"],
      ["/healthz", "other", "405", "2"],
    ]);
    const one = (name: string) => Number(families.get(name)!.metrics[0]!.value);
    assertEquals(one("gradcam_http_received_bytes_total"), 2 * plainPhoto.length);
    assert(one("gradcam_http_sent_bytes_total") > 100);
    assertEquals(
      ["photos_running", "photos_waiting", "workers", "workers_replaced_total", "draining"].map((name) =>
        one(`gradcam_${name}`)
      ),
      [0, 0, 0, 0, 0],
    );
    assertEquals(one("gradcam_http_requests_under_way"), 1, "This one");
    assert(one("gradcam_tensors") > 0);
    assert(one("process_resident_memory_bytes") > 1e7);
    assertMatch(families.get("gradcam_build_info")!.metrics[0]!.labels!.version!, /^\d+\.\d+\.\d+/);
    for (const { name, help } of families.values()) {
      assertMatch(name, /^(gradcam|process)_[a-z_]+$/);
      assert(help.length > 0);
    }
  });
});

Deno.test("metricsRoute has a histogram of latencies whose buckets add up", async () => {
  await withService({}, async ({ ask }) => {
    for (let times = 0; times < 3; times++) await (await ask("/v1/models")).body?.cancel();
    const text = await (await ask("/metrics")).text();
    assertEquals(parse(text).get("gradcam_http_request_duration_seconds")!.type, "HISTOGRAM");
    const sample = (suffix: string) =>
      text.matchAll(new RegExp(`^gradcam_http_request_duration_seconds${suffix} (.+)$`, "gm"));
    const buckets = [...sample('_bucket{route="/v1/models",le="(.+)"}')].map((
      [_, le, count],
    ) => [le, Number(count)]);
    assertEquals([buckets.length, buckets.at(-1)], [14, ["+Inf", 3]]);
    const counts = buckets.map(([_, count]) => Number(count));
    assertEquals(counts.toSorted((a, b) => a - b), counts);
    assertEquals([...sample('_count{route="/v1/models"}')].map(([_, count]) => count), ["3"]);
    const [[, sum] = []] = sample('_sum{route="/v1/models"}');
    assert(Number(sum) > 0 && Number(sum) < 60);
  });
});

Deno.test("metricText() escapes what would end a label", () => {
  const samples = [{ labels: { path: 'a"b\\c\nd' }, value: 1 }];
  const text = metricText([{ name: "a_total", type: "counter", help: "A", samples }]);
  assertEquals(text, '# HELP a_total A\n# TYPE a_total counter\na_total{path="a\\"b\\\\c\\nd"} 1\n');
});
