/** docs/service.md, held to the options and limits, and its commands, run. */
import { assert, assertEquals } from "@std/assert";
import { handlerRules } from "../src/server/options.ts";
import { main } from "../src/cli/main.ts";
import { serveCommand } from "../src/cli/serve.ts";
import { fakeIo, withTempDir } from "../src/cli/testing.ts";
import { between, named, page, tables } from "./service_tables.ts";

const root = new URL("../", import.meta.url);
const text = await Deno.readTextFile(page);
const photo = new URL("testdata/photos/chelsea.png", root);

/** A table without the spaces that formatting adds. */
function plain(table: string): string {
  return table.replace(/ *\| */g, "|").replace(/-{3,}/g, "---");
}

Deno.test("service.md: the tables have every option and limit, as they are", async (t) => {
  for (const [name, table] of Object.entries(tables)) {
    await t.step(name, () => assertEquals(plain(between(text, name)), plain(table)));
  }
  for (const name of Object.keys(handlerRules)) assert(text.includes(`\`${name}\``), name);
  for (const line of between(text, "options").split("\n")) {
    assert(!/\|\s*\|$/.test(line), `${line} says nothing`);
  }
  for (const { name } of serveCommand.options) assert(named.has(name), `--${name} is in no table`);
});

/** The lines of an example that are commands. */
function commandsOf(name: string): string[] {
  const code = new RegExp(`<!-- example: ${name} -->\\s*\`\`\`[\\w ]+\\n(.*?)\`\`\``, "s").exec(text)![1]!;
  return code.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

function hasCurl(): boolean {
  try {
    return new Deno.Command("curl", { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "service.md: the requests are answered",
  ignore: !hasCurl(), // they are for it
  fn: () =>
    withTempDir(async (folder) => {
      await Deno.copyFile(photo, `${folder}/cat.jpg`);
      const io = fakeIo();
      const running = main(["serve", "--port", "0", "--workers", "0"], io);
      while (io.stdout.text === "") await new Promise((resolve) => setTimeout(resolve, 10));
      const url = /http:\S+(?=\/)/.exec(io.stdout.text)![0];
      const commands = commandsOf("curl");
      assertEquals(commands.length, 9);
      for (const command of commands) {
        const words = command.replaceAll("http://localhost:8000", url).match(/"[^"]*"|\S+/g)!;
        const args = words.slice(1).map((word) => word.replaceAll('"', ""));
        const { success, stdout, stderr } = await new Deno.Command("curl", { args, cwd: folder }).output();
        assert(success, `${command}: ${new TextDecoder().decode(stderr)}`);
        assert(command.includes("--output") || stdout.length > 10, command);
      }
      const overlay = await Deno.readFile(`${folder}/overlay.png`);
      assertEquals([...overlay.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
      assertEquals([...(await Deno.readFile(`${folder}/overlay.jpg`)).subarray(0, 2)], [0xff, 0xd8]);
      io.interruption.abort();
      assertEquals([await running, io.stderr.text], [0, ""]);
    }),
});

Deno.test({
  name: "service.md: the program serves, and ends when it is told to",
  ignore: Deno.build.os === "windows", // which knows no SIGTERM
  fn: () =>
    withTempDir(async (folder) => {
      const code = /<!-- example: program -->\s*```ts ignore\n(.*?)```/s.exec(text)![1]!;
      const here = code.replaceAll("jsr:@xai/gradcam/serve", new URL("serve.ts", root).href)
        .replaceAll(
          "https://example.com/model.json",
          new URL("models/efficientnet_lite0/model.json", root).href,
        );
      await Deno.writeTextFile(`${folder}/program.ts`, here);
      const flags = ["--no-check", "--allow-all", "--config", new URL("deno.json", root).pathname];
      const process = new Deno.Command(Deno.execPath(), {
        args: ["serve", ...flags, "--host", "127.0.0.1", "--port", "0", `${folder}/program.ts`],
        stdout: "null",
        stderr: "piped",
      }).spawn();
      let heard = "";
      let answered = 0;
      for await (const part of process.stderr.pipeThrough(new TextDecoderStream())) {
        heard += part;
        const url = /Listening on (http:\S+)/.exec(heard)?.[1];
        if (!url || answered > 0) continue;
        const body = await Deno.readFile(photo);
        const response = await fetch(`${url}v1/explain`, {
          method: "POST",
          headers: { "content-type": "image/png" },
          body,
        });
        await response.body?.cancel();
        answered = response.status;
        process.kill("SIGTERM");
      }
      assertEquals([answered, (await process.status).code], [200, 0], heard);
    }),
});

Deno.test({
  name: "Containerfile: its commands work outside of a container too",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const lines = (await Deno.readTextFile(new URL("Containerfile", page))).split("\n");
    const [cache, check, run] = ["RUN", "HEALTHCHECK CMD", "CMD"].map((word): string[] => {
      return JSON.parse(lines.find((line) => line.startsWith(`${word} [`))!.slice(word.length));
    });
    const settings = lines.filter((line) => line.startsWith("ENV ")).map((line) =>
      line.slice(4).split(/=(.*)/)
    );
    const { port } = freePort();
    const here = (args: readonly string[]) => args.map((arg) => arg.replaceAll(/\b8000\b/g, String(port)));
    const deno = (args: readonly string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: here(args),
        cwd: root,
        env: { XDG_RUNTIME_DIR: "/", ...Object.fromEntries(settings) },
        stdout: "null",
        stderr: "null",
      });
    assertEquals([cache![0], check![0]], ["deno", "deno"]); // the image's entry point is Deno, for CMD
    assert((await deno(cache!.slice(1)).output()).success);
    const process = deno([...run!, "--port", String(port)]).spawn();
    try {
      let isHealthy = false;
      for (let tries = 0; tries < 60 && !isHealthy; tries++) {
        isHealthy = (await deno(check!.slice(1)).output()).success;
        if (!isHealthy) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert(isHealthy);
      const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
      assertEquals([health.workers, health.model], [1, true]);
    } finally {
      process.kill("SIGTERM");
      assertEquals((await process.status).code, 0);
    }
  },
});

function freePort(): { port: number } {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return { port: listener.addr.port };
}
