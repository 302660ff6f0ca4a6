import { assert, assertEquals, assertMatch } from "@std/assert";
import { namesIn, withTempDir } from "./testing.ts";
import { withoutGpu } from "../testing/program.ts";

const root = new URL("../../", import.meta.url).pathname;
const photo = `${root}testdata/photos/chelsea.png`;

/** Start the tool as users do. */
function startTool(args: readonly string[], flags: readonly string[] = ["--allow-all"]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, `${root}cli.ts`, ...args],
    env: { XDG_RUNTIME_DIR: "/" }, // without it the graphics drivers of some servers write to stderr
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Wait for the first of what a process prints, do something, and read what else it prints to its end. */
async function afterFirstOutput(process: Deno.ChildProcess, then: (text: string) => Promise<void> | void) {
  const decoder = new TextDecoder();
  const stderr = new Response(process.stderr).text();
  let stdout = "";
  for await (const chunk of process.stdout) {
    const isFirst = stdout === "";
    stdout += decoder.decode(chunk, { stream: true });
    if (isFirst) await then(stdout);
  }
  const { code } = await process.status;
  return { code, stdout, stderr: await stderr };
}

Deno.test("cli.ts stops when it is interrupted, and leaves nothing half-written", async (t) => {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) {
    await t.step(signal, async () => {
      await withTempDir(async (folder) => {
        const photos = Array.from({ length: 40 }, () => photo);
        const process = startTool([...photos, "--out", folder, "--save", "overlay,json"]);
        const { code, stdout, stderr } = await afterFirstOutput(process, () => process.kill(signal));
        assertEquals(code, 130);
        assertMatch(stderr, /^gradcam: Interrupted: \d+ of 40 photos done\n$/);
        const done = stdout.split("\n").length - 1;
        assert(done > 0 && done < 40);
        const names = await namesIn(folder);
        assertEquals(names.length, 2 * done);
        assertEquals(names.filter((name) => !/\.(png|json)$/.test(name)), []);
      });
    });
  }
});

/** What is said once where workers may not be read. */
const noWorkers = /^Photos are explained in the thread that answers: .*--allow-read.*\n$/;

Deno.test("cli.ts and serve.ts serve with the least permissions, from any folder", async (t) => {
  const listen = ["--port", "0", "--host", "127.0.0.1"];
  const tool = [`${root}cli.ts`, "serve", ...listen];
  const net = "--allow-net=127.0.0.1:0";
  const read = `--allow-read=${["src", "backends", "models"].map((folder) => root + folder)}`; // in a checkout alone
  const cases: readonly { name: string; args: string[]; says: RegExp }[] = [
    { name: "cli.ts", args: ["run", net, read, ...tool], says: /^$/ },
    { name: "cli.ts without workers", args: ["run", net, ...tool], says: noWorkers },
    { name: "serve.ts", args: ["serve", net, read, ...listen, `${root}serve.ts`], says: /^$/ },
  ];
  for (const { name, args: [command, ...args], says } of cases) {
    await t.step(name, async () => {
      await withTempDir(async (cwd) => {
        const process = new Deno.Command(Deno.execPath(), {
          args: [command!, "--no-prompt", ...args],
          cwd,
          env: { ...withoutGpu, NO_COLOR: "1" },
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const streams = [process.stdout, process.stderr].map((stream) =>
          stream.pipeThrough(new TextDecoderStream())
        );
        let [stdout, stderr] = ["", ""];
        async function readOut(): Promise<void> {
          for await (const text of streams[0]!) await hear(stdout += text, text);
        }
        async function readErr(): Promise<void> {
          for await (const text of streams[1]!) await hear(stderr += text, text);
        }
        async function hear(all: string, last: string): Promise<void> {
          const url = /Listening on (http:\S+)/.exec(all)?.[1];
          if (!url || !last.includes("Listening")) return;
          const body = await Deno.readFile(photo);
          const headers = { "content-type": "image/png" };
          const response = await fetch(`${url}explain?format=json`, { method: "POST", headers, body });
          assertEquals((await response.json()).maps[0].label, "Egyptian cat");
          process.kill("SIGINT");
        }
        await Promise.all([readOut(), readErr()]);
        const said = (stdout + stderr).replace(
          /^(deno serve: )?Listening on http:\/\/127\.0\.0\.1:\d+\/.*\n/m,
          "",
        )
          .replace(/^╭[^╰]*╰─\n/m, "") // what Deno says of the scripts of packages
          .replace(/^Deno\.serve: request\.signal aborts on successful.*\n/m, ""); // Deno's own, once
        assertEquals((await process.status).code, 0);
        assertMatch(said, says);
      });
    });
  }
});
