/**
 * Build the page: its script is bundled, with the drawing code and preact, and put with its HTML, its style sheet and the
 * example photos into one module, which travels with the package and is read without any permission.
 *
 *     deno task page
 */
import { decodeImage } from "../mod.ts";
import { encodeJpeg } from "./write_jpeg.ts";

const root = new URL("../", import.meta.url);
const client = new URL("src/server/page/client/", root);

/** Where the module is. */
export const builtPath: URL = new URL("src/server/page/built.ts", root);

/** The example photos, by the name of their file in testdata/photos, without ending. */
const examples = ["chelsea", "coffee"];
const exampleQuality = 88;

/** The page's script, in one piece, or why there is no bundler. */
export async function bundleScript(): Promise<{ code: string } | { reason: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=browser", "--minify", new URL("page.tsx", client).pathname],
    cwd: root.pathname,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return success ? { code: decoder.decode(stdout).trim() } : { reason: decoder.decode(stderr).trim() };
}

async function encodeExample(name: string): Promise<readonly [string, string]> {
  const photo = await decodeImage(await Deno.readFile(new URL(`testdata/photos/${name}.png`, root)));
  return [`${name}.jpg`, (await encodeJpeg(photo, exampleQuality)).toBase64()];
}

/**
 * The text of the module.
 *
 * @param code The bundled script.
 */
export async function writeModule(code: string): Promise<string> {
  const read = async (name: string) => [name, await Deno.readTextFile(new URL(name, client))] as const;
  const texts = [await read("page.html"), await read("page.css"), ["page.js", code]] as const;
  const photos = await Promise.all(examples.map(encodeExample));
  const list = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([name, content]) => `  ${JSON.stringify(name)}: ${JSON.stringify(content)},\n`).join("");
  return `// deno-lint-ignore-file
// Made by tools/build_page.ts of what is in client/: change that, and run "deno task page".

/** The Deno whose bundler made the script. */
export const builtWith: string = ${JSON.stringify(Deno.version.deno)};

/** The page's texts, by name. */
export const texts: Readonly<Record<string, string>> = {
${list(texts)}};

/** The example photos in base 64, by name. */
export const photos: Readonly<Record<string, string>> = {
${list(photos)}};
`;
}

if (import.meta.main) {
  const bundled = await bundleScript();
  if ("reason" in bundled) throw new Error(`Cannot bundle the page: ${bundled.reason}`);
  const text = await writeModule(bundled.code);
  await Deno.writeTextFile(builtPath, text);
  console.log(`${builtPath.pathname}: ${text.length} characters, ${bundled.code.length} of them the script`);
}
