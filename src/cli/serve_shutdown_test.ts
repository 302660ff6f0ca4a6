/** How a service ends that is told to, as a process: `gradcam serve`, and a program for `deno serve`. */
import { assert, assertEquals } from "@std/assert";
import { withTempDir } from "./testing.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { withoutGpu } from "../testing/program.ts";

const root = new URL("../../", import.meta.url);
const photo = await Deno.readFile(new URL("testdata/photos/chelsea.png", root));

/** A process that serves. */
interface Serving {
  readonly process: Deno.ChildProcess;
  readonly url: string;
  /** What it has written to standard error when it has ended. */
  readonly rest: Promise<string>;
}

/** What serves a model. */
interface Command {
  readonly args: readonly string[];
  /** How many isolates say that they are ready; one that is not yet does not hear that it is to end. */
  readonly isolates: number;
}

/** Start something that serves, and wait until it does. */
async function start({ args, isolates }: Command): Promise<Serving> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { ...withoutGpu, NO_COLOR: "1", DENO_JOBS: String(isolates) },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const url = Promise.withResolvers<string>();
  async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
    let text = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const found = /Listening on (http:\S+)/.exec(text)?.[1];
      if (found && text.split("An isolate is ready").length > isolates) url.resolve(found);
    }
    return text;
  }
  const streams = Promise.all([read(process.stdout), read(process.stderr)]);
  streams.then(([, stderr]) => url.reject(new Error(stderr)));
  return { process, url: await url.promise, rest: streams.then(([, stderr]) => stderr) };
}

/** Begin an upload that goes no further. */
async function stall(url: string): Promise<{ answer: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const head =
    "POST /explain HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n";
  await connection.write(new TextEncoder().encode(head));
  return { answer: new Response(connection.readable).text().catch(() => "") };
}

/** What takes a while to draw. */
const forms = "format=panel&format=overlay&format=npy";

/** Send a photo; what came of it. */
async function send(url: string): Promise<number | "refused"> {
  try {
    const headers = { "content-type": "image/png" };
    const response = await fetch(`${url}explain?${forms}`, { method: "POST", headers, body: photo });
    const { status } = response;
    if (status !== 200) await response.body?.cancel();
    else assertEquals([...(await response.formData()).keys()], ["panel", "overlay", "npy"]); // all of it has come
    return status;
  } catch (error) {
    assert(error instanceof TypeError, `${error}`); // it could not connect
    return "refused";
  }
}

/** How many photos are at work or wait. */
async function admitted(url: string): Promise<number> {
  const { running, waiting } = await (await fetch(`${url}health`)).json();
  return running + waiting;
}

/** Wait until two are; how many are then. */
async function untilTwo(url: string): Promise<number> {
  for (let tries = 0; tries < 500; tries++) {
    const count = await admitted(url);
    if (count >= 2) return count;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("No two photos were at work at a time");
}

/** Makes what serves a model, on a port of its own, with this grace in seconds. */
type Program = (folder: string, model: string, grace: number) => Promise<Command>;

const tool: Program = (_folder, model, grace) => {
  const options = `--port 0 --backend cpu --workers 1 --queue 20 --preprocess unit --grace ${grace}`.split(
    " ",
  );
  const cli = new URL("cli.ts", root).pathname;
  return Promise.resolve({
    args: ["run", "--allow-all", cli, "serve", "--model", model, ...options],
    isolates: 0,
  });
};

function programOf(flags: readonly string[], isolates: number): Program {
  return async (folder, model, grace) => {
    const options = { model, preprocess: "unit", workers: 1, queue: 20, backend: "cpu" };
    const path = `${folder}/service.ts`;
    await Deno.writeTextFile(
      path,
      `import { createService } from "${new URL("serve.ts", root)}";
      import { drainOnTermination } from "${new URL("src/platform/termination.ts", root)}";
      const service = createService(${JSON.stringify(options)});
      await service.ready();
      drainOnTermination(service.drain, { graceMs: ${grace * 1000} });
      setTimeout(() => console.error("An isolate is ready"), 50); // when it listens
      export default service;`,
    );
    const config = new URL("deno.json", root).pathname;
    const listens = ["--host", "127.0.0.1", "--port", "0"];
    const args = ["serve", "--allow-all", "--no-check", "--config", config, ...flags, ...listens, path];
    return { args, isolates };
  };
}

const parallel = programOf(["--parallel"], 2);
const alone = programOf([], 1);

const ignore = Deno.build.os === "windows"; // which knows no SIGTERM

/** What a program has said beside where it listens, and what Deno says of its own of a signal that is read. */
function complaints(stderr: string): string {
  return stderr.replace(
    /^.*(Listening on|An isolate is ready|request\.signal aborts on successful responses).*\n/gm,
    "",
  );
}

for (const [name, program] of Object.entries({ "gradcam serve": tool, "deno serve --parallel": parallel })) {
  Deno.test({
    name: `${name} answers what was admitted when it is told to end`,
    ignore,
    fn: () =>
      withTempDir(async (folder) => {
        const { process, url, rest } = await start(await program(folder, await writeTinyModel(folder), 60));
        const burst = Array.from({ length: 6 }, () => send(url));
        const least = await untilTwo(url);
        process.kill("SIGTERM");
        const answers = await Promise.all(burst);
        const answered = answers.filter((answer) => answer === 200).length;
        assert(answered >= least, `${answered} of ${least}: ${answers}`);
        // Deno itself cuts what has not arrived whole, at once, with 400: docs/service.md says so.
        const clean = [200, 503, "refused", ...program === parallel ? [400] : []];
        for (const answer of answers) assert(clean.includes(answer), String(answers));
        assertEquals([(await process.status).code, complaints(await rest)], [0, ""]);
      }),
  });
}

for (const [name, program] of Object.entries({ "gradcam serve": tool, "deno serve": alone })) {
  Deno.test({
    name: `${name} is not held by a stalled upload when it is told to end`,
    ignore,
    fn: () =>
      withTempDir(async (folder) => {
        const { process, url, rest } = await start(await program(folder, await writeTinyModel(folder), 1));
        const stalled = await stall(url);
        await admitted(url); // which is answered after the upload has begun
        const began = performance.now();
        process.kill("SIGTERM");
        assertEquals([(await process.status).code, complaints(await rest)], [0, ""]);
        const ms = performance.now() - began;
        assert(ms < 2_500, `It took ${ms} ms`);
        const answer = await stalled.answer;
        assert(answer === "" || /^HTTP\/1.1 (503|400)/.test(answer), answer); // Deno itself cuts what it serves, at once
      }),
  });
}

Deno.test({
  name: "gradcam serve ends at once when it is told twice",
  ignore,
  fn: () =>
    withTempDir(async (folder) => {
      const { process, url, rest } = await start(await tool(folder, await writeTinyModel(folder), 60));
      const stalled = await stall(url);
      await admitted(url);
      process.kill("SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 100));
      const began = performance.now();
      process.kill("SIGTERM");
      assertEquals((await process.status).code, 130);
      assert(performance.now() - began < 1_000);
      await Promise.all([stalled.answer, rest]);
    }),
});
