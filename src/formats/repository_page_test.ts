import { assertEquals } from "@std/assert";
import { filesOfPage } from "./repository_page.ts";

Deno.test("filesOfPage() finds the files of a repository whose page was given", async (t) => {
  const cases: readonly (readonly [page: string, files: string | undefined])[] = [
    ["/org/net", "/org/net/resolve/main/"],
    ["/org/net/", "/org/net/resolve/main/"],
    ["/org/net/tree/v2", "/org/net/resolve/v2/"],
    ["/org/net/tree/main/onnx", "/org/net/resolve/main/onnx/"],
    ["/org/net/blob/main/onnx/model.onnx?x=1", "/org/net/resolve/main/onnx/model.onnx"],
    ["/org/net/resolve/main/", undefined],
    ["/net", undefined],
    ["/", undefined],
  ];
  for (const [page, files] of cases) {
    await t.step(page, () => {
      const found = filesOfPage(new URL(page, "https://models.example"));
      assertEquals(found?.href, files && `https://models.example${files}`);
    });
  }
});
