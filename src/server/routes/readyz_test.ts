import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createService } from "../mod.ts";
import { withService } from "../testing.ts";
import { writeTinyModel } from "../../testing/tiny_model.ts";

Deno.test("readyzRoute begins what was not begun, waits for nothing, and says when it is done", async () => {
  await withService({}, async ({ ask, service }) => {
    const first = await ask("/readyz");
    const { code, detail } = await first.json();
    assertEquals([first.status, code, first.headers.get("retry-after")], [503, "not-ready", "1"]);
    assertStringIncludes(detail, "are being opened");
    await service.ready();
    const second = await ask("/readyz");
    assertEquals([second.status, await second.json()], [200, { status: "ready" }]);
  });
});

Deno.test("readyzRoute tells no secrets of a model that cannot be opened, and has it tried again", async () => {
  const folder = await Deno.makeTempDir();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const service = createService({ model: `${folder}/model.json`, backend: "cpu", workers: 0, onError });
  const ask = () => service.fetch(new Request("http://localhost/readyz"));
  try {
    await (await ask()).body?.cancel();
    for (let times = 0; times < 500 && errors.length === 0; times++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const text = await (await ask()).text();
    assert(text.includes("log says why") && !text.includes(folder), text);
    assertStringIncludes(String(errors[0]), "no such file");
    await writeTinyModel(folder);
    await service.ready().catch(() => service.ready()); // the one that was under way may have failed before
    const ready = await ask();
    assertEquals([ready.status, await ready.json()], [200, { status: "ready" }]);
  } finally {
    await service.close();
    await Deno.remove(folder, { recursive: true });
  }
});
