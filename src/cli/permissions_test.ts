import { assertEquals, assertStringIncludes } from "@std/assert";
import { namesIn, takeSum, withTempDir } from "./testing.ts";

const root = new URL("../../", import.meta.url).pathname;
const photo = `${root}testdata/photos/chelsea.png`;

/** A use of the tool and the permissions that it needs, all of them. */
interface Use {
  readonly name: string;
  readonly args: readonly string[];
  readonly flags: readonly string[];
  /** Whether the photo comes from standard input. */
  readonly piped?: boolean;
  /** The files that are to be there afterwards. */
  readonly files?: readonly string[];
}

function usesIn(folder: string, server: string): Use[] {
  const out = `${folder}/out`;
  return [
    { name: "help and version", args: ["--version"], flags: [] },
    { name: "doctor", args: ["doctor"], flags: [] },
    { name: "layers", args: ["layers"], flags: [] },
    { name: "inspect", args: ["inspect"], flags: [] },
    {
      name: "a photo explained into a folder",
      args: [photo, "--out", `${out}/`],
      flags: [`--allow-read=${photo},${out}`, `--allow-write=${out}`],
      files: ["chelsea.gradcam.png"],
    },
    {
      name: "a panel, with its letters",
      args: [photo, "--save", "panel", "--out", `${out}/chelsea.gradcam.png`],
      flags: [`--allow-read=${photo},${out}`, `--allow-write=${out}`],
      files: ["chelsea.gradcam.png"],
    },
    {
      name: "photos in several workers",
      args: [photo, `${root}testdata/photos/coffee.png`, "--out", `${out}/`, "--jobs", "2"],
      flags: [
        `--allow-read=${root}src,${root}backends,${root}testdata/photos,${out}`,
        `--allow-write=${out}`,
      ],
      files: ["chelsea.gradcam.png", "coffee.gradcam.png"],
    },
    { name: "only the classes", args: [photo, "--save", "none"], flags: [`--allow-read=${photo}`] },
    { name: "a pipe", args: ["-", "--out", "-", "--quiet"], flags: [], piped: true },
    {
      name: "a photo by URL",
      args: [`http://${server}/photo.png`, "--save", "none"],
      flags: [`--allow-net=${server}`],
    },
  ];
}

/** Run the tool as users do, with these permissions and no others. */
async function runTool(flags: readonly string[], { args, piped = false }: Use) {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, `${root}cli.ts`, ...args],
    env: { XDG_RUNTIME_DIR: "/" }, // without it the graphics drivers of some servers write to stderr
    stdin: piped ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (piped) {
    // A tool that was refused its permissions goes away without reading.
    await new Blob([await Deno.readFile(photo)]).stream().pipeTo(process.stdin).catch(() => {});
  }
  const { code, stdout, stderr } = await process.output();
  return { code, stdout, stderr: takeSum(new TextDecoder().decode(stderr))[0] };
}

Deno.test("cli.ts runs with the least permissions, and names the one that is missing", async (t) => {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async () => {
    return new Response(await Deno.readFile(photo));
  });
  await withTempDir(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    for (const use of usesIn(folder, `127.0.0.1:${server.addr.port}`)) {
      await t.step(use.name, async () => {
        const { code, stdout, stderr } = await runTool(use.flags, use);
        assertEquals([code, stderr], [0, ""]);
        if (use.piped) assertEquals([...stdout.subarray(1, 4)], [0x50, 0x4e, 0x47]);
        if (use.files) assertEquals(await namesIn(`${folder}/out`), [...use.files]);
      });
      for (const missing of use.flags) {
        await t.step(`${use.name}, without ${missing.replace(/=.*/, "")}`, async () => {
          const { code, stdout, stderr } = await runTool(use.flags.filter((flag) => flag !== missing), use);
          assertEquals([code, stdout.length], [1, 0]);
          assertEquals(stderr.split("\n").length, 2, stderr);
          assertStringIncludes(stderr, missing.replace(/=.*/, "="));
        });
      }
    }
    await t.step("a photo that may not be read", async () => {
      const flags = [`--allow-read=${folder}`, `--allow-write=${folder}`];
      const use = { name: "", args: [photo, "--out", `${folder}/denied/`] };
      const { code, stderr } = await runTool(flags, { ...use, flags });
      const reason = `permission denied: allow it with --allow-read=${photo}`;
      assertEquals([code, stderr], [1, `gradcam: Cannot read "${photo}": ${reason}\n`]);
      assertEquals((await namesIn(folder)).includes("denied"), false);
    });
  });
  await server.shutdown();
});
