/**
 * What a service makes of hostile requests, kind by kind, each with a process of its own unless a URL is given.
 * `deno task hostile [--url URL] [--within MS] [--each] [KIND ...]`
 *
 * @module
 */
import { parseArgs } from "node:util";
import { attack, type Outcome, readSamples } from "../../src/server/hostile/testing.ts";
import { type Hostile, kinds } from "../../src/server/hostile/mod.ts";
import { memoryOf, withServeScript } from "../../src/testing/program.ts";

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    url: { type: "string" },
    within: { type: "string", default: "20000" },
    each: { type: "boolean", default: false },
  },
});
const samples = await readSamples();

function tell({ name }: Hostile, { responses, ms, isHanging }: Outcome): void {
  const [first] = responses;
  const text = new TextDecoder().decode(first?.body.slice(0, 150)).replaceAll(/\s+/g, " ");
  console.log(
    `  ${ms.toFixed(0).padStart(6)} ms  ${isHanging ? "HANGS" : first?.status ?? "closed"}  ${name}  ${text}`,
  );
}

async function tryKind(kind: string, url: string, pid?: number): Promise<void> {
  const before = pid === undefined ? undefined : await memoryOf(pid);
  const statuses: Record<string, number> = {};
  let slowest = { ms: 0, name: "" };
  const requests = kinds[kind]!(samples);
  const faults = await attack(url, requests, {
    withinMs: Number(values.within),
    atOnce: values.each ? 1 : 4,
    onOutcome(request, outcome) {
      if (values.each) tell(request, outcome);
      const status = `${outcome.responses[0]?.status ?? "none"}`;
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (outcome.ms > slowest.ms) slowest = { ms: outcome.ms, name: request.name };
    },
  });
  const after = pid === undefined ? undefined : await memoryOf(pid);
  const memory = before && after
    ? `, memory ${before.now.toFixed(0)} → ${after.now.toFixed(0)} MB, at most ${after.most.toFixed(0)} MB`
    : "";
  const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`).join(", ");
  console.log(
    `${kind}: ${requests.length} requests, ${counts}; slowest ${
      slowest.ms.toFixed(0)
    } ms (${slowest.name})${memory}`,
  );
  for (const fault of faults) console.log(`  FAULT ${fault}`);
}

for (const kind of positionals.length > 0 ? positionals : Object.keys(kinds)) {
  if (values.url !== undefined) await tryKind(kind, values.url);
  else {
    await withServeScript(async (service) => {
      const warm = { method: "POST", body: samples.plain!, headers: { "content-type": "image/png" } };
      await (await fetch(`${service.url}explain`, warm)).arrayBuffer();
      await tryKind(kind, service.url, service.pid);
      if (!service.isAlive()) console.log(`  FAULT the process is gone: ${service.said().slice(-500)}`);
      const complaints = service.said().split("\n").slice(1).join("\n").trim();
      if (complaints !== "") console.log(`  it said: ${complaints.slice(0, 600)}`);
    });
  }
}
