/** The module that holds the page is made of the page's sources. */
import { assert, assertEquals } from "@std/assert";
import { builtPath, bundleScript, writeModule } from "../../../tools/build_page.ts";
import { createHandler } from "../mod.ts";
import { builtWith, photos, texts } from "./built.ts";

Deno.test("built.ts is what tools/build_page.ts makes of the page's sources", async (t) => {
  const skip = (reason: string) => t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
  const { deno } = Deno.version;
  if (deno !== builtWith) return void await skip(`it was made with Deno ${builtWith}, this is ${deno}`);
  const bundled = await bundleScript();
  if ("reason" in bundled) return void await skip(`no bundler: ${bundled.reason}`);
  const isSame = await writeModule(bundled.code) === await Deno.readTextFile(builtPath);
  assert(isSame, 'The page\'s sources have changed: run "deno task page"');
});

Deno.test("the page stays small, and its script has nothing of this machine", () => {
  assert(texts["page.js"]!.length < 120_000, `${texts["page.js"]!.length} characters`);
  assertEquals(/file:\/\/|sourceMappingURL|\beval\(|new Function/.exec(texts["page.js"]!)?.[0], undefined);
  assertEquals(/\sstyle=|<script>|<style|\son\w+=/.exec(texts["page.html"]!)?.[0], undefined);
});

Deno.test("pageFileResponse() answers with the page's files alone", async () => {
  const handler = createHandler();
  const ask = (path: string) => handler(new Request(`http://localhost${path}`));
  const page = await ask("/");
  assertEquals([page.status, await page.text()], [200, texts["page.html"]]);
  const policy = page.headers.get("content-security-policy")!;
  assert(policy.includes("default-src 'none'") && !policy.includes("unsafe"), policy);
  for (
    const [name, type] of [
      ["page.css", "text/css; charset=utf-8"],
      ["page.js", "text/javascript; charset=utf-8"],
      ["chelsea.jpg", "image/jpeg"],
      ["coffee.jpg", "image/jpeg"],
    ] as const
  ) {
    const { status, headers, body } = await ask(`/page/${name}`);
    await body!.cancel();
    assertEquals([status, headers.get("content-type"), headers.get("cache-control")], [
      200,
      type,
      "no-cache",
    ]);
  }
  assertEquals(Object.keys(photos).length, 2);
  for (const name of ["page.html", "toString", "__proto__", "..%2Fpage.ts", "page.ts", "x".repeat(5000)]) {
    const { status, body } = await ask(`/page/${name}`);
    await body!.cancel();
    assertEquals(status, 404, name.slice(0, 20));
  }
});
