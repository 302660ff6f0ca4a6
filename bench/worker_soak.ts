/**
 * `gradcam worker` for long, and with readers, lines and disks that try it:
 * `deno task bench:worker [--lines 200000] [--stop 60] [--full FOLDER]`.
 *
 * First lines of 50 MB come, and a reader that stops for a minute; then one process works on so many lines, with photos of
 * 96 × 64 pixels and a tiny network, and what it holds after the last is compared with what it held after the first 2,000.
 * FOLDER is on a disk with room for some pictures (`mount -t tmpfs -o size=1m tmpfs FOLDER`): the worker fills it, and
 * completes the work elsewhere when it may go on.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { encodePng } from "../src/input/image/mod.ts";
import { memoryOf, withoutGpu } from "../src/testing/program.ts";
import { writeTinyModel } from "../src/testing/tiny_model.ts";

const root = new URL("../", import.meta.url).pathname;

/** How many photos there are, no two of which are alike. */
const photoCount = 50;
/** How many lines' memory is looked at, the mean of which counts: V8 clears up now and then. */
const looked = 2000;
const megabyte = 1e6;

/** A worker that runs. */
interface Running {
  readonly process: Deno.ChildProcess;
  readonly results: ReadableStreamDefaultReader<string>;
}

function start(args: readonly string[]): Running {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", `${root}cli.ts`, "worker", ...args],
    env: withoutGpu,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return { process, results: process.stdout.pipeThrough(new TextDecoderStream()).getReader() };
}

/** Give a worker lines, as fast as it takes them. */
async function give(stdin: WritableStream<Uint8Array>, lines: Iterable<string>): Promise<void> {
  const writer = stdin.getWriter();
  const encoder = new TextEncoder();
  for (const line of lines) await writer.write(encoder.encode(`${line}\n`));
  await writer.close();
}

/** Read results, and tell of each whole line. */
async function take(results: Running["results"], onLine: (line: string) => Promise<void> | void) {
  let rest = "";
  for (;;) {
    const { done, value } = await results.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) await onLine(line);
  }
  if (rest !== "") throw new Error(`The worker wrote half a line: ${rest.slice(0, 100)}`);
}

async function memoryNow({ process }: Running): Promise<number> {
  return (await memoryOf(process.pid))?.now ?? NaN;
}

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

async function writePhotos(folder: string): Promise<string[]> {
  const [height, width] = [64, 96];
  const paths: string[] = [];
  for (let index = 0; index < photoCount; index++) {
    const data = Uint8ClampedArray.from(
      { length: height * width * 4 },
      (_, at) => at % 4 === 3 ? 255 : (at * (index + 3)) % 251,
    );
    paths.push(`${folder}/${index}.png`);
    await Deno.writeFile(paths.at(-1)!, await encodePng({ data, height, width }));
  }
  return paths;
}

async function soak(model: readonly string[], photos: readonly string[], count: number): Promise<void> {
  const worker = start(model);
  const begun = performance.now();
  const lines = Iterator.from({
    *[Symbol.iterator]() {
      for (let id = 0; id < count; id++) yield JSON.stringify({ id, photo: photos[id % photos.length] });
    },
  });
  const giving = give(worker.process.stdin, lines);
  const [early, late]: [number[], number[]] = [[], []];
  let next = 0;
  await take(worker.results, async (line) => {
    const { id, error } = JSON.parse(line);
    if (id !== next++ || error) throw new Error(`Line ${next} was answered with ${line.slice(0, 200)}`);
    if (next % 50 !== 0) return;
    if (next > looked && next <= 2 * looked) early.push(await memoryNow(worker));
    if (next > count - looked) late.push(await memoryNow(worker));
    if (next % 10_000 === 0) {
      const seconds = (performance.now() - begun) / 1000;
      console.error(`${next} lines in ${seconds.toFixed(0)} s, ${(await memoryNow(worker)).toFixed(0)} MB`);
    }
  });
  await giving;
  const { code } = await worker.process.status;
  if (code !== 0 || next !== count) throw new Error(`${next} of ${count} lines, ended with ${code}`);
  const [first, last] = [mean(early), mean(late)];
  console.log(
    `${count} lines, each answered in its turn: ${first.toFixed(0)} MB after ${looked}, ${
      last.toFixed(0)
    } MB after the last: ${((last / first - 1) * 100).toFixed(1)} % (asked: within 10 %)`,
  );
}

/** Lines of 50 MB, of which one is a photo with zeros behind it, one is no JSON, and one is longer than is taken. */
async function giveLongLines(model: readonly string[], photo: string): Promise<void> {
  const worker = start([...model, "--max-line", "60"]);
  const bytes = new Uint8Array(37.5 * megabyte);
  bytes.set(await Deno.readFile(photo));
  const long = JSON.stringify({ id: "long", bytes: bytes.toBase64() });
  const lines = [long, "x".repeat(50 * megabyte), `"${"y".repeat(70 * megabyte)}"`, long];
  const giving = give(worker.process.stdin, [...lines, JSON.stringify({ id: "last", photo })]);
  const said: string[] = [];
  await take(worker.results, (line) => {
    const { error } = JSON.parse(line);
    said.push(error ? error.code : "explained");
  });
  await giving;
  const { code } = await worker.process.status;
  console.log(`Lines of 50 to 70 MB: ${said.join(", ")}; ended with ${code}`);
}

/** A reader that takes nothing for a minute: the worker waits, and takes no more memory. */
async function stopReading(model: readonly string[], photos: readonly string[], seconds: number) {
  const count = 20_000;
  const worker = start(model);
  const lines = Array.from(
    { length: count },
    (_, id) => JSON.stringify({ id, photo: photos[id % photos.length], pass: "x".repeat(100) }),
  );
  let given = 0;
  const giving = give(worker.process.stdin, Iterator.from(lines).map((line) => (given++, line)));
  await new Promise((resolve) => setTimeout(resolve, 5000)); // it has filled all that lies between
  const [before, taken] = [await memoryNow(worker), given];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await memoryNow(worker);
  console.log(
    `A reader that stops for ${seconds} s: ${taken} lines were taken before and ${given - taken} meanwhile, ${
      before.toFixed(0)
    } MB before, ${after.toFixed(0)} MB after`,
  );
  let next = 0;
  await take(worker.results, (line) => {
    if (JSON.parse(line).id !== next++) throw new Error(`Line ${next} was answered with ${line}`);
  });
  await giving;
  const { code } = await worker.process.status;
  console.log(`Then all of ${next} lines came in their turn; ended with ${code}`);
}

/** A disk that fills: the worker ends as one that may be tried again, and then completes the work. */
async function fillDisk(model: readonly string[], photos: readonly string[], full: string): Promise<void> {
  const lines = photos.map((photo, id) => JSON.stringify({ id, photo, save: "npy" }));
  for (const isEmptied of [false, true]) {
    const out = `${full}/maps`;
    if (isEmptied) {
      for await (const { name } of Deno.readDir(full)) {
        if (name.startsWith("filler")) await Deno.remove(`${full}/${name}`);
      }
    } else await Deno.writeFile(`${full}/filler`, new Uint8Array(0.92 * 2 ** 20));
    const worker = start([...model, "--out", `${out}/`, "--resume"]);
    const giving = give(worker.process.stdin, lines).catch(() => {}); // it ends before it has taken all
    const said: Record<string, number> = {};
    await take(worker.results, (line) => {
      const { error, skipped } = JSON.parse(line);
      const what = error?.code ?? (skipped ? "skipped" : "explained");
      said[what] = (said[what] ?? 0) + 1;
    });
    await giving;
    const { code } = await worker.process.status;
    const names = await Array.fromAsync(Deno.readDir(out), ({ name }) => name).catch(() => []);
    const halves = names.filter((name) => name.endsWith(".part")).length;
    console.log(
      `${isEmptied ? "With room again" : "A disk that fills"}: ${
        JSON.stringify(said)
      }, ended with ${code}; ${names.length} files, ${halves} of them halves`,
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      lines: { type: "string", default: "200000" },
      stop: { type: "string", default: "60" },
      full: { type: "string" },
    },
  });
  const folder = await Deno.makeTempDir();
  try {
    const model = ["--model", await writeTinyModel(folder), "--preprocess", "unit", "--jobs", "2"];
    const photos = await writePhotos(folder);
    if (values.full !== undefined) await fillDisk(model, photos, values.full);
    await giveLongLines(model, photos[0]!);
    await stopReading(model, photos, Number(values.stop));
    await soak(model, photos, Number(values.lines));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
