/**
 * Thousands of photos on a Spark cluster of this machine, one of whose workers is killed in the middle: every photo has
 * exactly one result, and the maps are those of the command line. Then how fast that is beside one process of the tool, and
 * beside the same job with AUCMEDI or pytorch-grad-cam in a pandas UDF.
 *
 *     deno task scale:spark [--photos 2000] [--folder PHOTOS]... [--peers FOLDER [--python PYTHON]]
 *
 * It takes Java, and pyspark in the Python that SPARK_PYTHON names. With --peers environments and networks of `bench:peers`
 * are made in a folder, unless they are there.
 */
import { parseArgs } from "node:util";
import { pack } from "../../tools/pack.ts";
import { Cluster, findSpark, type SparkTools } from "./cluster.ts";
import { prepareSpark } from "./fast_home.ts";
import { PeerMaker, runPeerOnSpark, sparkPeers } from "./peers.ts";
import { readRows } from "./results.ts";

const root = new URL("../../", import.meta.url);
const job = new URL("explain_photos.py", import.meta.url).pathname;

/** Which share of the photos is corrupt. */
const corruptShare = 0.01;

/** The cores of the cluster, and the parts that a list is divided in where no worker is killed. */
const cores = 2;

/** What a run is made of. */
export interface SparkRun {
  /** Where all that it writes goes. */
  readonly place: string;
  /** The packed worker. */
  readonly worker: string;
  /** The list of photos, one path a line. */
  readonly list: string;
  readonly photos: readonly string[];
}

async function photosIn(folder: URL): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    const names = entries.map(({ name }) => name).filter((name) => /\.(jpe?g|png)$/i.test(name));
    return names.sort().map((name) => new URL(encodeURIComponent(name), folder).pathname);
  } catch {
    return [];
  }
}

/**
 * Photos as links of their own, so that each has its id and files; every hundredth is cut in the middle.
 *
 * @param place Where they go.
 * @param count How many.
 * @param folders Where photos are; they are repeated.
 */
export async function layOut(place: string, count: number, folders: readonly URL[]): Promise<SparkRun> {
  const found = (await Promise.all(folders.map(photosIn))).flat();
  await Deno.mkdir(`${place}/photos`);
  const photos: string[] = [];
  for (let at = 0; at < count; at++) {
    const source = found[at % found.length]!;
    const path = `${place}/photos/${String(at).padStart(6, "0")}${source.slice(source.lastIndexOf("."))}`;
    if ((at + 1) % (1 / corruptShare) === 0) {
      await Deno.writeFile(path, (await Deno.readFile(source)).subarray(0, 40));
    } else await Deno.symlink(source, path);
    photos.push(path);
  }
  const list = `${place}/list.txt`;
  await Deno.writeTextFile(list, photos.join("\n"));
  await pack(new URL(`file://${place}/packed/`), { withDeno: true });
  return { place, worker: `${place}/packed/gradcam`, list, photos };
}

/** Run the job on a cluster of two workers, one of which is killed when so many files are there. */
export async function runOnSpark(
  tools: SparkTools,
  { place, worker, list }: SparkRun,
  { out, killAfter, partitions }: { out: string; killAfter: number; partitions: number },
): Promise<number> {
  const cluster = await Cluster.start(tools, place, cores);
  const timer = setInterval(async () => {
    const files = await Array.fromAsync(Deno.readDir(`${place}/${out}`)).catch(() => []);
    if (files.length < killAfter) return;
    clearInterval(timer);
    cluster.killWorker();
  }, 50);
  try {
    const { code, said, seconds } = await cluster.submit([
      ...[job, list, `${place}/${out}.parquet`, "--worker", worker, "--partitions", `${partitions}`],
      ...["--", "--save", "npy", "--out", `${place}/${out}/`],
    ]);
    if (code !== 0) throw new Error(`The job ended with ${code}:\n${said}`);
    return seconds;
  } finally {
    clearInterval(timer);
    await cluster.stop();
  }
}

/** Explain the same photos by one process of the tool, which leaves the same maps. */
export async function runAlone({ place, worker, photos }: SparkRun, out: string): Promise<number> {
  const start = performance.now();
  const corrupt = Math.floor(photos.length * corruptShare);
  const { code, stderr } = await new Deno.Command(worker, {
    args: [`${place}/photos`, "--jobs", "2", "--save", "npy", "--out", `${place}/${out}/`, "--quiet"],
    stdout: "null",
  }).output();
  const files = await Array.fromAsync(Deno.readDir(`${place}/${out}`)).catch(() => []);
  if (code !== 1 || files.length !== photos.length - corrupt) {
    throw new Error(`${photos.length} photos ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
  return (performance.now() - start) / 1000;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

/**
 * Hold what Spark gave to what the tool gives.
 *
 * @throws {Error} If a photo has no result, or two, or another.
 */
export async function compare({ place, photos }: SparkRun, spark: string, alone: string): Promise<void> {
  const rows = await readRows(`${place}/${spark}.parquet`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (rows.length !== photos.length || byId.size !== photos.length) {
    throw new Error(`${photos.length} photos have ${rows.length} results of ${byId.size} photos`);
  }
  for (const [at, photo] of photos.entries()) {
    const row = byId.get(photo);
    const isCorrupt = (at + 1) % (1 / corruptShare) === 0;
    if (!row || row.error !== (isCorrupt ? "bad-photo" : null)) {
      throw new Error(`${photo}: ${JSON.stringify(row)}`);
    }
    if (isCorrupt) continue;
    const [file] = JSON.parse(row.result).files;
    const name = photo.slice(photo.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
    const [map, expected] = await Promise.all(
      [file.path, `${place}/${alone}/${name}.gradcam.npy`].map((path) => Deno.readFile(path)),
    );
    if (!same(map!, expected!)) throw new Error(`${photo}: ${file.path} is another map`);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      photos: { type: "string", default: "2000" },
      folder: { type: "string", multiple: true, default: ["../shared/data/coco", "testdata/photos"] },
      peers: { type: "string" },
      python: { type: "string", default: "python3" },
    },
  });
  const found = await findSpark();
  if (typeof found === "string") throw new Error(`Cannot start Spark: ${found}`);
  const count = Number(values.photos);
  const place = await Deno.makeTempDir({ prefix: "gradcam-spark" });
  try {
    const tools = await prepareSpark(found, `${place}/spark`);
    const run = await layOut(place, count, values.folder.map((folder) => new URL(`${folder}/`, root)));
    console.log(`${count} photos, 2 Spark workers of one core each; ${navigator.hardwareConcurrency} cores`);
    const alone = await runAlone(run, "alone");
    const spark = await runOnSpark(tools, run, { out: "spark", killAfter: Infinity, partitions: cores });
    await compare(run, "spark", "alone");
    const killed = await runOnSpark(tools, run, { out: "killed", killAfter: count / 4, partitions: 8 });
    await compare(run, "killed", "alone");
    const rate = (seconds: number) => `${(count / seconds).toFixed(1)} photos a second`;
    console.log(`gradcam --jobs 2: ${alone.toFixed(1)} s, ${rate(alone)}`);
    console.log(`Spark: ${spark.toFixed(1)} s, ${rate(spark)}: ${(alone / spark).toFixed(2)} times that`);
    console.log(
      `Spark, a worker killed in the middle: ${
        killed.toFixed(1)
      } s; every photo has one result, and the same map`,
    );
    const maker = values.peers === undefined ? undefined : new PeerMaker(values.peers, values.python);
    for (const peer of maker ? sparkPeers : []) {
      const made = await maker!.make(peer);
      const seconds = await runPeerOnSpark(tools, run, { name: peer.name, partitions: cores, ...made });
      console.log(
        `${peer.name} on Spark: ${seconds.toFixed(1)} s, ${rate(seconds)}; ours is ${
          (seconds / spark).toFixed(2)
        } times as fast`,
      );
    }
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}
