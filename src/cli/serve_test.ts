import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { main } from "./main.ts";
import { type FakeIo, fakeIo, runMain, withTempDir } from "./testing.ts";
import { buildManyWays, writeModel, writeTinyModel } from "../testing/tiny_model.ts";

const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;

/** Run `gradcam serve`, do something with its address, and interrupt it. */
async function withServer(
  args: readonly string[],
  use: (url: string, io: FakeIo) => Promise<void>,
): Promise<number> {
  const io = fakeIo();
  const output = args.includes("--log") ? io.stderr : io.stdout;
  const listening = Promise.withResolvers<string>();
  const write = output.write.bind(output);
  output.write = async (data) => {
    await write(data);
    listening.resolve(output.text);
  };
  const running = main(["serve", "--port", "0", "--backend", "cpu", "--workers", "0", ...args], io);
  const text = await Promise.race([listening.promise, running.then(() => io.stderr.text)]);
  assertMatch(text, /^Listening on http:\/\/127\.0\.0\.1:\d+\/ \(Ctrl\+C stops\)\n$/);
  try {
    await use(text.split(" ")[2]!, io);
  } finally {
    io.interruption.abort();
  }
  return await running;
}

Deno.test("serveCommand serves until it is interrupted", async (t) => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const args = ["--model", model, "--preprocess", "unit", "--max-body", "0.1", "--concurrency", "2"];
    const code = await leavingNoTensors(() =>
      withServer(args, async (url) => {
        await t.step("the page", async () => {
          const response = await fetch(url);
          assertEquals(response.status, 200);
          assertStringIncludes(await response.text(), "<html");
        });
        await t.step("a photo", async () => {
          const headers = { "content-type": "image/png", accept: "application/json" };
          const body = await Deno.readFile(photo);
          const response = await fetch(`${url}explain?format=json`, { method: "POST", headers, body });
          assertEquals(response.status, 200);
          assertEquals((await response.json()).layer, "features");
        });
        await t.step("too large a photo", async () => {
          const body = new Uint8Array(150_000);
          const headers = { "content-type": "image/png" };
          const response = await fetch(`${url}explain`, { method: "POST", headers, body });
          await response.body?.cancel();
          assertEquals(response.status, 413);
          await new Promise((resolve) => setTimeout(resolve, 600)); // for so long the server reads what still comes
        });
        await t.step("a port in use", async () => {
          const { port } = new URL(url);
          const args = ["serve", "--port", port, "--model", model, "--workers", "0"];
          const { code, stderr, stdout } = await runMain(args);
          const line =
            `gradcam: Cannot listen on 127.0.0.1:${port}: the port is in use: choose another with --port\n`;
          assertEquals([code, stderr.text, stdout.text], [1, line, ""]);
        });
      })
    );
    assertEquals(code, 0);
  });
});

Deno.test("serveCommand feeds models of many ways as it was told, where a request does not say", async () => {
  await withTempDir(async (folder) => {
    await selectBackend({ backend: "cpu" });
    const held = buildManyWays();
    const model = await writeModel(held, folder);
    held.dispose();
    const told = ["--input", "photo", "--input-values", "age=0.4", "--size", "10x8", "--output", "mask"];
    const code = await leavingNoTensors(() =>
      withServer(["--model", model, "--preprocess", "unit", ...told], async (url) => {
        const headers = { "content-type": "image/png" };
        const body = await Deno.readFile(photo);
        const post = (query: string) =>
          fetch(`${url}explain?format=json&layer=features&${query}`, { method: "POST", headers, body });
        const { maps: [map], scores } = await (await post("")).json();
        assertEquals([map.heatmap.height, map.heatmap.width, scores.length], [10, 8, 2]);
        const { maps: [other] } = await (await post("size=6&output=unit&class=1")).json();
        assertEquals([other.heatmap.height, other.heatmap.width, other.classIndex], [6, 6, 1]);
      })
    );
    assertEquals(code, 0);
  });
});

Deno.test("serveCommand serves several models to who shows a token, and logs a line a request", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    await Deno.writeTextFile(`${folder}/tokens.txt`, "open-sesame\n");
    const models = ["--models", `first=${model}`, "--models", `second=${folder}`, "--preprocess", "unit"];
    const access = ["--token-file", `${folder}/tokens.txt`, "--cors", "https://example.com", "--rate", "100"];
    const code = await leavingNoTensors(() =>
      withServer([...models, ...access, "--log"], async (url, io) => {
        const origin = "https://example.com";
        const refused = await fetch(`${url}v1/models`, { headers: { origin } });
        assertEquals([refused.status, refused.headers.get("access-control-allow-origin")], [401, origin]);
        await refused.body?.cancel();
        const headers = { authorization: "Bearer open-sesame", "x-request-id": "mine" };
        const { models } = await (await fetch(`${url}v1/models`, { headers })).json();
        assertEquals(models.map(({ id, open }: { id: string; open: boolean }) => [id, open]), [[
          "first",
          true,
        ], [
          "second",
          true,
        ]]);
        while (io.stdout.lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
        const lines = io.stdout.lines.map((line) => JSON.parse(line));
        assertEquals(lines.map(({ status, route }) => [status, route]), [[401, "/v1/models"], [
          200,
          "/v1/models",
        ]]);
        assertEquals(lines[1].id, "mine");
      })
    );
    assertEquals(code, 0);
  });
});

/** A port that nobody listens on at the moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** What is answered as soon as something listens. */
async function untilAnswered(url: string): Promise<Response> {
  while (true) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

Deno.test("serveCommand answers while models are opened, and ends where one cannot be", async () => {
  const asked = Promise.withResolvers<void>();
  const models = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async () => {
    await asked.promise;
    return new Response("", { status: 404 });
  });
  const port = freePort();
  const model = `http://127.0.0.1:${models.addr.port}/model.json`;
  const running = runMain([
    "serve",
    "--port",
    `${port}`,
    "--workers",
    "0",
    "--backend",
    "cpu",
    "--model",
    model,
  ]);
  const statuses = [];
  for (const path of ["healthz", "readyz"]) {
    const response = await untilAnswered(`http://127.0.0.1:${port}/${path}`);
    await response.body?.cancel();
    statuses.push(response.status);
  }
  assertEquals(statuses, [200, 503]);
  asked.resolve();
  const { code, stdout, stderr } = await running;
  assertEquals([code, stdout.text, stderr.lines.length], [1, "", 1]);
  assertStringIncludes(stderr.text, "404");
  await models.shutdown();
});

Deno.test("serveCommand is interrupted while models are opened", async () => {
  const io = fakeIo();
  io.interruption.abort();
  const code = await leavingNoTensors(() => main(["serve", "--port", "0", "--workers", "0"], io));
  assertEquals([code, io.stderr.text, io.stdout.text], [130, "gradcam: Interrupted\n", ""]);
});

Deno.test("serveCommand refuses what is wrong", async (t) => {
  const cases: { args: string[]; code: number; line: string }[] = [
    { args: ["--port", "99999"], code: 2, line: "from 0 to 65535" },
    { args: ["--concurrency", "0"], code: 2, line: "from 1 to 64" },
    { args: ["--max-body", "none"], code: 2, line: "from 0.001 to 1000" },
    { args: ["--size", "none"], code: 2, line: "use HEIGHTxWIDTH in pixels" },
    { args: ["--input-values", "age"], code: 2, line: "use NAME=NUMBERS" },
    { args: ["photo.png"], code: 2, line: "serve takes no arguments" },
    { args: ["--model", "none.json"], code: 1, line: "no such file" },
    { args: ["--model", "none.json", "--workers", "0"], code: 1, line: "no such file" },
    { args: ["--token-file", "none.txt"], code: 1, line: 'Cannot read tokens "none.txt": no such file' },
    { args: ["--token", "no token"], code: 1, line: "Cannot use token 1 of 1" },
    {
      args: ["--photo-host", "https://example.com"],
      code: 1,
      line: 'Cannot use "https://example.com" in photoHosts',
    },
    { args: ["--cors", "example.com"], code: 1, line: 'Cannot let the origin "example.com" ask' },
  ];
  for (const { args, code, line } of cases) {
    await t.step(args.join(" "), async () => {
      const run = await leavingNoTensors(() => runMain(["serve", ...args]));
      assertEquals(run.stderr.lines.length, 1, run.stderr.text);
      assertStringIncludes(run.stderr.text, line);
      assertEquals([run.code, run.stdout.text], [code, ""]);
      assert(run.stderr.text.startsWith("gradcam: "));
    });
  }
});
