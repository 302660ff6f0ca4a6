/**
 * The service beside FastAPI services over AUCMEDI and pytorch-grad-cam, with the same weights and photos, in one run:
 * `deno task bench:service:peers`; `--help` tells the options.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type RunningService, startService } from "../../src/testing/program.ts";
import { Environments } from "../peers/environments.ts";
import { NetworkFiles } from "../peers/files.ts";
import { defaultFolder } from "../peers/folder.ts";
import { describeLoad, describeMachine, quietLoad, waitUntilQuiet } from "../peers/machine.ts";
import { networks } from "../peers/networks.ts";
import { progress } from "../peers/progress.ts";
import { writeBetweenMarks } from "../peers/report.ts";
import { median } from "../peers/statistics.ts";
import { prepareSendings, runClients, type Seen } from "./client.ts";
import { makePhotos, photoKinds } from "./photos.ts";
import { percentile, rate, table } from "./table.ts";
import { freePort, ways, workersWay } from "./ways.ts";

const usage = `Usage: deno task bench:service:peers [options]

Measure, for our service and for FastAPI services over AUCMEDI and pytorch-grad-cam, the time from the start of the process
to the first answer, and the photos a second with eight clients. Environments and networks are those of bench:peers, with
FastAPI installed too; the first time that takes a while and some gigabytes.

  --seconds N         how long throughput is measured (default: 15)
  --photos NAME       phone (JPEG, 1 to 2 megapixels; the default) or small (PNG, 300 or 400 pixels high)
  --workers N         our workers; 0 for none (default: 2)
  --folder PATH       where environments and networks are made (default: gradcam-peers in the user's cache)
  --python PATH       what makes the environments (default: python3)
  --write FILE        put the tables between the marks "service-peers" of a file`;

/** What a Python environment needs besides to answer over HTTP. */
const overHttp = ["fastapi==0.165.0", "uvicorn==0.54.0", "python-multipart==0.0.34"];
const clients = 8;
const starts = 3;

/** A service to measure. */
interface Served {
  readonly name: string;
  /** Ratios that are asked of ours to it: of throughput, and of the time to the first answer. */
  readonly asked?: readonly [throughput: number, first: number];
  start(port: number): Promise<RunningService>;
}

interface Measured {
  readonly name: string;
  readonly asked: Served["asked"];
  /** From the start of the process to the first answer, in ms, each time. */
  readonly first: readonly number[];
  readonly seen: Seen;
}

function python(program: string, peer: string, file: string, port: number): Promise<RunningService> {
  const path = new URL("peers/peer_service.py", import.meta.url).pathname;
  return startService([path, peer, file, `${port}`], {
    program,
    url: `http://127.0.0.1:${port}/`,
    env: { PYTHONDONTWRITEBYTECODE: "1", TF_CPP_MIN_LOG_LEVEL: "3" },
  });
}

async function prepare(folder: string, pythonPath: string, workers: number): Promise<Served[]> {
  const environments = new Environments({ folder, python: pythonPath, given: {} });
  const files = new NetworkFiles(`${folder}/networks`, environments);
  const [network] = networks;
  const keras = await files.path(network!, "keras", "keras");
  const torch = await files.path(network!, "torch", "pt");
  const withKeras = await environments.pythonWith("tf", ...overHttp);
  const withTorch = await environments.pythonWith("torch", ...overHttp);
  const { title, args, env } = workers > 0 ? workersWay(workers) : ways[0]!;
  return [
    {
      name: title,
      start: (port) => startService(args(port), { url: `http://127.0.0.1:${port}/`, env: env ?? {} }),
    },
    {
      name: "FastAPI, AUCMEDI",
      asked: [6, 8],
      start: (port) => python(withKeras, "aucmedi", keras, port),
    },
    {
      name: "FastAPI, pytorch-grad-cam",
      asked: [3, 8],
      start: (port) => python(withTorch, "pytorch-grad-cam", torch, port),
    },
  ];
}

/** Start a service, and send a photo again and again until it is answered. */
async function startAndAsk({ name, start }: Served, form: () => FormData): Promise<[RunningService, number]> {
  const begin = performance.now();
  const service = await start(freePort());
  while (service.isAlive()) {
    try {
      const response = await fetch(`${service.url}explain`, { method: "POST", body: form() });
      const { byteLength } = await response.arrayBuffer();
      if (response.status === 200 && byteLength > 0) return [service, performance.now() - begin];
    } catch {
      // it does not listen yet
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await service.stop();
  throw new Error(`${name} ended: ${service.said().trim().split("\n").at(-1)}`);
}

async function measure(served: Served, kind: string, seconds: number): Promise<Measured> {
  const photos = makePhotos(photoKinds[kind]!, clients * 2);
  function form(): FormData {
    const data = new FormData();
    data.append("photo", new Blob([photos[0]!.bytes], { type: photos[0]!.type }), "photo");
    return data;
  }
  const first: number[] = [];
  for (let count = 1; count < starts; count++) {
    const [service, ms] = await startAndAsk(served, form);
    first.push(ms);
    await service.stop();
  }
  const [service, ms] = await startAndAsk(served, form);
  first.push(ms);
  try {
    const url = `${service.url}explain`;
    const sendings = await prepareSendings(url, photos, { asForms: true });
    await runClients(url, sendings, { clients, seconds: seconds / 3 });
    const seen = await runClients(url, sendings, { clients, seconds });
    progress(
      `${served.name}: first answer after ${median(first).toFixed(0)} ms, ${rate(seen).toFixed(2)} a second`,
    );
    for (const line of seen.wrong.slice(0, 3)) progress(`  WRONG: ${line}`);
    if (seen.ms.length === 0) throw new Error(`${served.name} answered nothing`);
    return { name: served.name, asked: served.asked, first, seen };
  } finally {
    await service.stop();
  }
}

function ratios([ours, ...others]: readonly Measured[]): string[][] {
  return others.flatMap(({ name, asked, first, seen }) => {
    const throughput = rate(ours!.seen) / rate(seen);
    const sooner = median(first) / median(ours!.first);
    return [
      [`our photos a second ÷ those of ${name}`, throughput, asked![0]] as const,
      [`first answer of ${name} ÷ ours`, sooner, asked![1]] as const,
    ].map((
      [what, value, least],
    ) => [what, value.toFixed(1), `at least ${least}`, value >= least ? "yes" : "no"]);
  });
}

function report(all: readonly Measured[], about: string): string {
  return [
    about,
    table(
      ["service", "first answer, s", "photos a second", "p50, ms", "p99, ms", "503s", "wrong or lost"],
      all.map(({ name, first, seen }) => [
        name,
        (median(first) / 1000).toFixed(2),
        rate(seen).toFixed(2),
        percentile(seen.ms, 0.5).toFixed(0),
        percentile(seen.ms, 0.99).toFixed(0),
        `${seen.busy}`,
        `${seen.wrong.length}`,
      ]),
    ),
    table(["ratio", "measured", "asked", "reached"], ratios(all)),
  ].join("\n\n");
}

function readOptions() {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      help: { type: "boolean", short: "h" },
      seconds: { type: "string", default: "15" },
      photos: { type: "string", default: "phone" },
      workers: { type: "string", default: "2" },
      folder: { type: "string", default: defaultFolder() },
      python: { type: "string", default: "python3" },
      write: { type: "string" },
    },
  });
  if (values.help) {
    console.log(usage);
    Deno.exit(0);
  }
  const [seconds, workers] = [Number(values.seconds), Number(values.workers)];
  if (!(seconds > 0)) throw new RangeError(`Cannot use --seconds "${values.seconds}": give a number above 0`);
  if (!Object.hasOwn(photoKinds, values.photos)) {
    throw new RangeError(
      `Unknown --photos "${values.photos}": use one of ${Object.keys(photoKinds).join(", ")}`,
    );
  }
  return { ...values, seconds, workers };
}

if (import.meta.main) {
  try {
    const { folder, python, workers, photos, seconds, write } = readOptions();
    const [atStart] = Deno.loadavg() as [number];
    const all = await prepare(folder, python, workers);
    if (atStart <= quietLoad) await waitUntilQuiet();
    const before = describeLoad();
    if (atStart > quietLoad) progress(`WARNING: the load is ${before}: the figures will mean little`);
    const measured: Measured[] = [];
    for (const served of all) measured.push(await measure(served, photos, seconds));
    const about =
      `Measured on ${
        new Date().toISOString().slice(0, 10)
      } by \`deno task bench:service:peers\`: ${await describeMachine()}, on which the clients ran too. Load before ${before}; after ${describeLoad()}. ${clients} clients for ${seconds} s, each ` +
      `with photos of its own (${
        photoKinds[photos]!.title
      }), as forms; overlays of the photo's size as PNG. The first answer is ` +
      `the median of ${starts} starts.`;
    const text = report(measured, about);
    console.log(text);
    if (write !== undefined) {
      await writeBetweenMarks(new URL(write, `file://${Deno.cwd()}/`), "service-peers", text);
    }
    Deno.exit(0);
  } catch (error) {
    console.error(`bench:service:peers: ${(error as Error).message}`);
    Deno.exit(error instanceof RangeError || error instanceof TypeError ? 2 : 1);
  }
}
