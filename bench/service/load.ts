/**
 * The service under load: `deno task bench:service`; `--help` tells the options.
 *
 * @module
 */
import { kinds } from "../../src/server/hostile/mod.ts";
import { faultsOf, readSamples, send } from "../../src/server/hostile/testing.ts";
import { memoryOf, type RunningService } from "../../src/testing/program.ts";
import { describeLoad, describeMachine, quietLoad } from "../peers/machine.ts";
import { progress } from "../peers/progress.ts";
import { writeBetweenMarks } from "../peers/report.ts";
import { prepareSendings, runClients, type Sending } from "./client.ts";
import { startPinging } from "./health.ts";
import { type LoadOptions, readLoadOptions } from "./load_options.ts";
import { largePhoto, makePhotos, type Photo, photoKinds } from "./photos.ts";
import { type Load, loadTable, percentile, rate, table } from "./table.ts";
import { startWay, type Way, ways } from "./ways.ts";

/** How many photos there are: every client has some of its own. */
const photoCount = 64;
/** How long clients send before anything is measured, in seconds, so that every worker has opened its model. */
const warmSeconds = 3;
/** How many clients full load is. */
const fullLoad = 16;
/** One request in so many is hostile in a soak. */
const hostileEvery = 100;

/** What is measured of a running service; the lines are its part of the report. */
type Measure = (service: RunningService, way: Way, options: LoadOptions) => Promise<string>;

const made: Record<string, Photo[]> = {};

function photosOf(kind: string): Photo[] {
  return made[kind] ??= makePhotos(photoKinds[kind]!, photoCount);
}

async function prepare({ url }: RunningService, kind: string): Promise<Sending[]> {
  const sendings = await prepareSendings(`${url}explain`, photosOf(kind));
  await runClients(`${url}explain`, sendings, { clients: 8, seconds: warmSeconds });
  return sendings;
}

const loads: Load[] = [];

async function measureLoad(service: RunningService, { title }: Way, options: LoadOptions): Promise<string> {
  for (const kind of options.photos) {
    const sendings = await prepare(service, kind);
    for (const clients of options.clients) {
      const seen = await runClients(`${service.url}explain`, sendings, { clients, seconds: options.seconds });
      loads.push({ way: title, photos: kind, clients, seen });
      progress(
        `${title}, ${kind}, ${clients} clients: ${rate(seen).toFixed(1)} a second, ${seen.busy} × 503`,
      );
      for (const line of seen.wrong.slice(0, 5)) progress(`  WRONG: ${line}`);
    }
  }
  return "";
}

/** How many photos are sent while memory is looked at: V8 clears up now and then, so that one look tells little. */
const looked = 300;

/** What a service holds while photos are sent to it, in MB: the mean of many looks. */
async function meanMemory(service: RunningService, send: () => Promise<unknown>): Promise<number> {
  const looks: number[] = [];
  const timer = setInterval(async () => looks.push((await memoryOf(service.pid))?.now ?? NaN), 200);
  try {
    await send();
  } finally {
    clearInterval(timer);
  }
  return looks.reduce((sum, look) => sum + look, 0) / looks.length;
}

async function measureMemory(service: RunningService, { title }: Way, { requests, photos }: LoadOptions) {
  const sendings = await prepare(service, photos[0]!);
  const url = `${service.url}explain`;
  const held: number[] = [];
  for (const count of [Math.round(requests / 10), requests - Math.round(requests / 10)]) {
    const { wrong, seconds } = await runClients(url, sendings, { clients: 8, photos: count });
    held.push(await meanMemory(service, () => runClients(url, sendings, { clients: 8, photos: looked })));
    progress(
      `${title}: ${count} photos in ${seconds.toFixed(0)} s, ${
        held.at(-1)!.toFixed(0)
      } MB, ${wrong.length} wrong`,
    );
    if (wrong.length > 0) throw new Error(wrong[0]);
  }
  const [early, late] = held as [number, number];
  const change = (late / early - 1) * 100;
  return `\`${title}\`, the mean while ${looked} more are explained: ${early.toFixed(0)} MB after ${
    Math.round(requests / 10)
  } photos (${photoKinds[photos[0]!]!.title}), ${late.toFixed(0)} MB after ${requests}: ${
    change >= 0 ? "+" : "−"
  }${Math.abs(change).toFixed(1)} % (asked: within 10 %).`;
}

/** Ask one path while photos of 24 megapixels and full load are worked on. */
async function pingUnderLoad(
  service: RunningService,
  path: string,
  sendings: readonly Sending[],
  seconds: number,
) {
  const { bytes, type } = largePhoto();
  const pinging = await startPinging({ url: service.url, path, everyMs: 20 });
  const end = performance.now() + seconds * 1000;
  async function sendLarge(): Promise<Record<number, number>> {
    const statuses: Record<number, number> = {};
    while (performance.now() < end) {
      const body = { method: "POST", headers: { "content-type": type }, body: bytes };
      const response = await fetch(`${service.url}explain`, body);
      await response.arrayBuffer();
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
      if (response.status === 503) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return statuses;
  }
  const [statuses] = await Promise.all([
    sendLarge(),
    runClients(`${service.url}explain`, sendings, { clients: fullLoad, seconds }),
  ]);
  return { ms: await pinging.end(), statuses };
}

async function measureHealth(service: RunningService, { title }: Way, { seconds, photos }: LoadOptions) {
  const sendings = await prepare(service, photos[0]!);
  const rows: string[][] = [];
  for (const path of ["/health", "/healthz"]) {
    const there = await fetch(new URL(path, service.url));
    await there.arrayBuffer();
    if (there.status === 404) continue;
    const { ms, statuses } = await pingUnderLoad(service, path, sendings, seconds);
    const figures = [0.5, 0.99, 1].map((part) => percentile(ms, part).toFixed(1));
    progress(
      `${title}, ${path}: largest ${figures[2]} ms of ${ms.length}; large photos ${JSON.stringify(statuses)}`,
    );
    rows.push([`\`${title}\``, `\`${path}\``, `${ms.length}`, ...figures]);
  }
  return table(["way", "path", "asked", "p50, ms", "p99, ms", "largest, ms (asked: 50)"], rows);
}

async function soak(
  service: RunningService,
  { title }: Way,
  { soakMinutes, photos }: LoadOptions,
): Promise<string> {
  const sendings = await prepare(service, photos[0]!);
  const samples = await readSamples();
  const hostile = Object.values(kinds).flatMap((kind) => kind(samples));
  const faults: string[] = [];
  const before = await memoryOf(service.pid);
  let sent = 0;
  let photosSent = 0;
  async function between(): Promise<void> {
    if (++photosSent % hostileEvery !== 0) return;
    const request = hostile[sent++ * 97 % hostile.length]!; // one after another, of kinds that change
    const outcome = await send(service.url, request, 60_000);
    faults.push(...faultsOf(request, outcome).map((fault) => `${request.name}: ${fault}`));
  }
  const seconds = soakMinutes * 60;
  const seen = await runClients(`${service.url}explain`, sendings, { clients: fullLoad, seconds, between });
  const after = await memoryOf(service.pid);
  for (const line of [...seen.wrong, ...faults].slice(0, 20)) progress(`  WRONG: ${line}`);
  return `\`${title}\`: ${soakMinutes} minutes with ${fullLoad} clients: ${seen.ms.length} photos (${
    photoKinds[photos[0]!]!.title
  }), ${rate(seen).toFixed(1)} a second, p99 ${
    percentile(seen.ms, 0.99).toFixed(0)
  } ms, ${seen.busy} × 503, ${seen.wrong.length} wrong or lost; ${sent} hostile requests among them, ${faults.length} of them answered wrongly; ${
    before?.now.toFixed(0)
  } MB before, ${after?.now.toFixed(0)} MB after, ${after?.most.toFixed(0)} MB at most; ${
    service.isAlive() ? "alive" : "NOT ALIVE"
  }.`;
}

const measures: Readonly<Record<string, Measure>> = {
  load: measureLoad,
  memory: measureMemory,
  health: measureHealth,
  soak,
};

async function measure(options: LoadOptions): Promise<string> {
  const before = describeLoad();
  if (Deno.loadavg()[0]! > quietLoad) {
    progress(`WARNING: the load is ${before}: the figures will mean little`);
  }
  const said: string[] = [];
  for (const part of options.parts) {
    for (const way of ways.filter(({ option }) => options.ways.includes(option))) {
      try {
        const service = await startWay(way);
        try {
          said.push(await measures[part]!(service, way, options));
        } finally {
          await service.stop();
        }
      } catch (error) {
        const [reason] = (error as Error).message.split("\n");
        progress(`Left out: ${way.title}, ${part}: ${reason}`);
        said.push(`Left out: \`${way.title}\`: ${reason}.`);
      }
    }
  }
  const kindsSent = options.photos.map((kind) => `${kind}: ${photoKinds[kind]!.title}`).join("; ");
  return [
    `Measured on ${
      new Date().toISOString().slice(0, 10)
    } by \`deno task bench:service\`: ${await describeMachine()}. ` +
    `The clients ran on the same cores. Load before ${before}; after ${describeLoad()}.`,
    ...(loads.length > 0
      ? [
        `${options.seconds} s each, after warming; photos as bodies, ${kindsSent}, overlays as answers. Times are from a photo's ` +
        "first try to its whole answer, what clients wait after a 503 among it.",
        loadTable(loads),
      ]
      : []),
    ...said.filter((text) => text !== ""),
  ].join("\n\n");
}

if (import.meta.main) {
  try {
    const options = readLoadOptions(Deno.args);
    const text = await measure(options);
    console.log(text);
    if (options.write !== undefined) {
      await writeBetweenMarks(new URL(options.write, `file://${Deno.cwd()}/`), "load", text);
    }
    Deno.exit(0);
  } catch (error) {
    console.error(`bench:service: ${(error as Error).message}`);
    Deno.exit(error instanceof RangeError || error instanceof TypeError ? 2 : 1);
  }
}
