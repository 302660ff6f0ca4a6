/** The package as users get it: from a registry that speaks JSR's protocol, and installed from a checkout. */
import { assert, assertEquals } from "@std/assert";
import { exists, testdata } from "./src/testing/mod.ts";
import { makeEmptyCache, type Registry, withRegistry } from "./src/testing/registry.ts";

const photo = new URL("photos/chelsea.png", testdata).pathname;
const root = new URL("./", import.meta.url).pathname;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run Deno, or a program that it installed, in a folder and with a cache of its own. */
async function run(
  program: string,
  args: readonly string[],
  folder: string,
  { url }: Pick<Registry, "url">,
): Promise<Ran> {
  const env = { DENO_DIR: `${folder}/cache`, JSR_URL: url, NO_COLOR: "1", XDG_RUNTIME_DIR: "/" };
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd: folder, env })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await makeEmptyCache(folder);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Explain a photo with the package from the registry; the permissions are those that README names. */
function explain(
  folder: string,
  registry: Pick<Registry, "url">,
  flags: readonly string[] = [],
): Promise<Ran> {
  const permissions = [`--allow-read=${photo},${folder}/out`, `--allow-write=${folder}/out`];
  const command = ["jsr:@xai/gradcam/cli", photo, "--out", `${folder}/out/`];
  const args = ["run", "--no-prompt", "--no-lock", ...permissions, ...flags, ...command];
  return run(Deno.execPath(), args, folder, registry);
}

Deno.test("the package runs from a registry, and from then on without it", () =>
  withFolder((folder) =>
    withRegistry(async (registry) => {
      const first = await explain(folder, registry);
      assertEquals([first.code, first.stdout.includes("Egyptian cat")], [0, true], first.stderr);
      const asked = registry.takeRequests();
      const isNeeded = (path: string) => !/(_test\.ts|testing|\.bin)$/.test(path);
      assert(asked.length > 100 && asked.every(isNeeded), "The modules come from the registry");

      const second = await explain(folder, registry, ["--quiet"]);
      assertEquals([second.code, second.stdout.includes("Egyptian cat"), second.stderr], [0, true, ""]);
      assertEquals(registry.takeRequests(), []);

      const third = await explain(folder, { url: registry.url }, ["--quiet", "--cached-only", "--deny-net"]);
      assertEquals([third.code, third.stdout.includes("Egyptian cat"), third.stderr], [0, true, ""]);
      assertEquals(registry.takeRequests(), []);
      assert(await exists(new URL(`file://${folder}/out/chelsea.gradcam.png`)));
    })
  ));

Deno.test("the tool can be installed from a checkout", () =>
  withFolder((folder) =>
    withRegistry(async (registry) => {
      const args = [
        "install",
        "--global",
        "--root",
        folder,
        "--allow-all",
        "--name",
        "gradcam",
        `${root}cli.ts`,
      ];
      const installed = await run(Deno.execPath(), args, folder, registry);
      assertEquals(installed.code, 0, installed.stderr);
      const ran = await run(`${folder}/bin/gradcam`, [photo, "--save", "none"], folder, registry);
      assertEquals([ran.code, ran.stdout.includes("Egyptian cat")], [0, true], ran.stderr);
    })
  ));

Deno.test("packages are named with the versions of deno.json", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as {
    imports: Record<string, string>;
  };
  const known = Object.values(imports);
  let named = 0;
  async function check(folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await check(`${folder}${name}/`);
      else if (/\.[tj]s$/.test(name)) {
        const text = await Deno.readTextFile(folder + name);
        for (const [specifier] of text.matchAll(/(?<=")(npm|jsr):@?[\w-]+\/?[\w-]*@[^"/]+/g)) {
          assert(known.includes(specifier), `${folder}${name} names ${specifier}`);
          named++;
        }
      }
    }
  }
  for (const folder of ["src/", "backends/"]) await check(root + folder);
  assert(named > 15, `${named} were found`);
});
