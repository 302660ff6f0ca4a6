/**
 * A registry that speaks JSR's protocol on this machine, with this package as it would be published. It is not published.
 *
 * @module
 */

const root = new URL("../../", import.meta.url);

/** A package as a registry holds it. */
interface Package {
  readonly name: string;
  readonly version: string;
  /** Modules by what they are imported as, such as `"./cli"`. */
  readonly exports: Readonly<Record<string, string>>;
  /** Contents by path, such as `"/mod.ts"`. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A registry that runs. */
export interface Registry {
  /** What JSR_URL is set to. */
  readonly url: string;
  /** Paths that were asked for since the last time this was read. */
  takeRequests(): string[];
}

/** What is not published, as deno.json says: tests and what they need. */
const isUnpublished = /_test\.ts$|(^|\/)testing(\/|\.ts$)/;

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    found.push(...isDirectory ? await filesIn(`${folder}${name}/`) : [folder + name]);
  }
  return found.filter((path) => !isUnpublished.test(path));
}

/** Names that the import map gives a place are rewritten to it, as JSR does when a package is published. */
function rewrite(text: string, imports: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /((?:\bfrom|\bimport|import\.meta\.resolve)\s*\(?\s*")((?:@[\w-]+\/)?[\w-]+)((?:\/[^"]*)?")/g,
    (whole, before, name, rest) => name in imports ? before + imports[name] + rest : whole,
  );
}

async function readPackage(folder: string, paths: readonly string[]): Promise<Package> {
  const { name, version, exports, imports = {} } = JSON.parse(
    await Deno.readTextFile(new URL(`${folder}deno.json`, root)),
  );
  const files = new Map(
    await Promise.all(paths.map(async (path) => {
      const content = await Deno.readFile(new URL(folder + path, root));
      const isCode = /\.(ts|js)$/.test(path);
      const text = isCode ? rewrite(new TextDecoder().decode(content), imports) : undefined;
      return [`/${path}`, text === undefined ? content : new TextEncoder().encode(text)] as const;
    })),
  );
  return { name, version, exports, files };
}

async function versionMeta({ exports, files }: Package): Promise<unknown> {
  const manifest = await Promise.all([...files].map(async ([path, content]) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    return [path, { size: content.length, checksum: `sha256-${digest.toHex()}` }] as const;
  }));
  return { exports, manifest: Object.fromEntries(manifest) };
}

const mediaTypes: Readonly<Record<string, string>> = {
  ts: "text/typescript",
  js: "text/javascript",
  json: "application/json",
  wasm: "application/wasm",
};

/** What a registry answers at its paths. */
async function contentsOf(packages: readonly Package[]): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const one of packages) {
    const { name, version, files } = one;
    contents.set(`/${name}/meta.json`, json({ latest: version, versions: { [version]: {} } }));
    contents.set(`/${name}/${version}_meta.json`, json(await versionMeta(one)));
    for (const [path, content] of files) contents.set(`/${name}/${version}${path}`, content);
  }
  return contents;
}

/** Run a registry that holds this package and the stand-in for what it takes from JSR, and do something with it. */
export async function withRegistry(use: (registry: Registry) => Promise<void>): Promise<void> {
  const folders = await Promise.all(["src/", "backends/", "models/"].map(filesIn));
  const contents = await contentsOf([
    await readPackage("", ["mod.ts", "cli.ts", "serve.ts", ...folders.flat()]),
    await readPackage("compat/cli/", ["parse_args.ts", "unicode_width.ts"]),
  ]);
  let requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const content = contents.get(pathname);
    if (!content) return new Response(null, { status: 404 });
    const type = mediaTypes[pathname.split(".").at(-1)!] ?? "application/octet-stream";
    return new Response(content, { headers: { "content-type": type } });
  });
  try {
    await use({
      url: `http://127.0.0.1:${server.addr.port}/`,
      takeRequests() {
        const taken = requests;
        requests = [];
        return taken;
      },
    });
  } finally {
    await server.shutdown();
  }
}

/**
 * A cache for Deno that holds nothing but the packages of npm that are on this machine.
 *
 * @param folder Where it is to be.
 */
export async function makeEmptyCache(folder: string): Promise<void> {
  const { denoDir } = JSON.parse(
    new TextDecoder().decode(
      (await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: folder }).output()).stdout,
    ),
  );
  await Deno.mkdir(`${folder}/cache`);
  await Deno.symlink(`${denoDir}/npm`, `${folder}/cache/npm`);
}
