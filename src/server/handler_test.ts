import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { decodeImage } from "../input/image/mod.ts";
import { writeDeepPng } from "../input/image/testing.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { createHandler, type HandlerOptions } from "./mod.ts";

const photo = await Deno.readFile(new URL("images/plain.png", testdata));

type Handler = ReturnType<typeof createHandler>;

/** Do something with a handler over the tiny model; nothing may be left over. */
async function withHandler(options: HandlerOptions, use: (handler: Handler) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "cpu" });
    await leavingNoTensors(async () => {
      const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
      try {
        await use(createHandler({ model, backend: "cpu", ...options }));
      } finally {
        model.dispose();
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function post(path: string, body: BodyInit = photo, headers: HeadersInit = {}): Request {
  return new Request(`http://localhost${path}`, { method: "POST", body, headers });
}

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

Deno.test("createHandler() takes mean and deviation in place of a preprocessing's name", () =>
  withHandler({}, async (handler) => {
    const scores = async (preprocess: string) => {
      const response = await handler(
        post(`/explain?format=json&preprocess=${encodeURIComponent(preprocess)}`),
      );
      return (await response.json()).scores;
    };
    assertEquals(await scores("mean=127.5,std=127.5"), await scores("tf"));
  }));

Deno.test("createHandler() warns of a photo of 16 bits that is nearly black, and takes a range", () =>
  withHandler({}, async (handler) => {
    const size = { height: 2, width: 3 };
    const dark = await writeDeepPng([0, 4095, 2048, 1000, 3000, 65], size) as Uint8Array<ArrayBuffer>;
    const bright = await writeDeepPng([0, 65_535, 32_768, 16_000, 48_000, 1040], size) as Uint8Array<
      ArrayBuffer
    >;
    const ask = async (body: BodyInit, query = "") => {
      const response = await handler(post(`/explain?format=json${query}`, body));
      const { scores, warnings } = await response.json();
      return { scores, warnings, header: response.headers.get("gradcam-warning") };
    };
    const { warnings: [warning], header } = await ask(dark);
    assertStringIncludes(warning, "fill 0 … 4095 of 0 … 65535, so that it looks nearly black");
    assertStringIncludes(decodeURIComponent(header!), "fill 0 … 4095 of 0 … 65535");
    for (const range of ["auto", "0,4095"]) {
      const stretched = await ask(dark, `&range=${range}`);
      assertEquals([stretched.warnings, stretched.scores], [[], (await ask(bright, "&range=auto")).scores]);
    }
  }));

Deno.test("createHandler() explains photos", async (t) => {
  const blob = new Blob([photo], { type: "image/png" });
  const cases: {
    name: string;
    request: () => Request;
    type: string;
    check?: (response: Response) => unknown;
  }[] = [
    {
      name: "the body itself",
      request: () => post("/explain", photo, { "content-type": "image/png" }),
      type: "image/png",
      async check(response) {
        assertMatch(response.headers.get("gradcam-label")!, /^(ant|bee|wasp)$/);
        assertEquals(response.headers.get("gradcam-layer"), "features");
        assertMatch(response.headers.get("server-timing")!, /decode;dur=[\d.]+, .*total;dur=[\d.]+/);
        const { height, width } = await decodeImage(await response.bytes());
        const { height: tall, width: wide } = await decodeImage(photo); // 26 × 40, which is enlarged
        assertEquals([height, width], [tall * 7, wide * 7]);
      },
    },
    { name: "a form", request: () => post("/explain", formOf({ photo: blob })), type: "image/png" },
    {
      name: "small photos as they are, covered alike, with a contour",
      request: () => post("/explain?minSide=0&opacity=constant&contour=true"),
      type: "image/png",
      async check(response) {
        const { height, width } = await decodeImage(await response.bytes());
        assertEquals([height, width], [26, 40]);
      },
    },
    {
      name: "a form's file by its name",
      request: () =>
        post("/explain", formOf({ photo: new File([photo], "C:\\cats\\tom.png"), format: "json" })),
      type: "application/json",
      async check(response) {
        assertEquals((await response.json()).photoName, "tom.png");
      },
    },
    { name: "the root, for short", request: () => post("/"), type: "image/png" },
    {
      name: "a class by name, as JSON",
      request: () => post("/explain?class=WASP&format=json&score=logit&relu=true"),
      type: "application/json",
      async check(response) {
        const { maps: [map], scoreKind } = await response.json();
        assertEquals([map.classIndex, map.label, scoreKind], [2, "wasp", "logit"]);
        assertEquals(map.heatmap.data.length, map.heatmap.height * map.heatmap.width);
      },
    },
    {
      name: "JSON where the client prefers it",
      request: () => post("/explain", photo, { accept: "application/json" }),
      type: "application/json",
    },
    {
      name: "several classes",
      request: () => post("/explain?class=0&class=bee&format=json"),
      type: "application/json",
      check: async (response) => assertEquals((await response.json()).maps.length, 2),
    },
    {
      name: "parameters in the form, which win",
      request: () => post("/explain?class=0&format=npy", formOf({ photo: blob, class: "1", format: "json" })),
      type: "application/json",
      check: async (response) => assertEquals((await response.json()).maps[0].label, "bee"),
    },
    {
      name: "empty parameters, as forms send them",
      request: () => post("/explain", formOf({ photo: blob, class: "", layer: "", format: "json" })),
      type: "application/json",
    },
    {
      name: "numbers for NumPy",
      request: () => post("/explain?format=npy"),
      type: "application/octet-stream",
      check: async (response) => assertEquals((await response.bytes())[0], 0x93),
    },
    {
      name: "several formats as a form",
      request: () => post("/explain?format=json&format=heatmap&colormap=jet&fit=crop"),
      type: "multipart/form-data",
      async check(response) {
        const form = await response.formData();
        assertEquals([...form.keys()], ["json", "heatmap"]);
        assertEquals((form.get("heatmap") as File).type, "image/png");
        assertEquals(JSON.parse(await (form.get("json") as File).text()).layer, "features");
      },
    },
  ];
  await withHandler({}, async (handler) => {
    for (const { name, request, type, check } of cases) {
      await t.step(name, async () => {
        const response = await leavingNoTensors(() => handler(request()));
        assertEquals(response.status, 200, response.ok ? "" : await response.text());
        assertEquals(response.headers.get("content-type")!.split(";")[0], type);
        assertEquals(response.headers.get("cache-control"), "no-store");
        assertEquals(response.headers.get("x-content-type-options"), "nosniff");
        if (check) await check(response);
        else assert((await response.bytes()).length > 0);
      });
    }
  });
});

Deno.test("createHandler() tells what is wrong as problem details", async (t) => {
  const text = new Blob(["no photo"], { type: "text/plain" });
  const cases: { name: string; request: () => Request; status: number; detail: string; allow?: string }[] = [
    {
      name: "a path",
      request: () => post("/nothing"),
      status: 404,
      detail: 'Nothing at "/nothing": the paths are',
    },
    {
      name: "a method",
      request: () => new Request("http://localhost/explain"),
      status: 405,
      detail: 'Cannot GET "/explain": the methods are POST, OPTIONS',
      allow: "POST, OPTIONS",
    },
    {
      name: "a media type",
      request: () => post("/explain", photo, { "content-type": "application/x-www-form-urlencoded" }),
      status: 415,
      detail: 'Cannot take "application/x-www-form-urlencoded": send image/*',
    },
    { name: "no body", request: () => post("/explain", ""), status: 415, detail: 'Cannot take "text/plain"' },
    {
      name: "an empty body",
      request: () => post("/explain", new Uint8Array(0)),
      status: 400,
      detail: "the request has no body",
    },
    {
      name: "junk",
      request: () => post("/explain", new Uint8Array(99)),
      status: 422,
      detail: "Cannot decode",
    },
    {
      name: "a truncated photo",
      request: () => post("/explain", photo.subarray(0, photo.length / 2)),
      status: 422,
      detail: "Cannot decode",
    },
    {
      name: "a body over the limit",
      request: () => post("/explain", new Uint8Array(100_001)),
      status: 413,
      detail: "at most 100000 bytes",
    },
    {
      name: "a stream over the limit, of unknown length",
      request: () => post("/explain", new Blob([new Uint8Array(300_000)]).stream()),
      status: 413,
      detail: "at most 100000 bytes",
    },
    {
      name: "a form over the limit",
      request: () => post("/explain", formOf({ photo: new Blob([new Uint8Array(100_001)]) })),
      status: 413,
      detail: "at most 100000 bytes",
    },
    {
      name: "a form without a photo",
      request: () => post("/explain", formOf({ picture: text })),
      status: 400,
      detail: 'give one file in the field "photo", the files are "picture"',
    },
    {
      name: "a form without its boundary",
      request: () => post("/explain", photo, { "content-type": "multipart/form-data" }),
      status: 400,
      detail: "Cannot read the form",
    },
    {
      name: "an unknown parameter",
      request: () => post("/explain?colourmap=jet"),
      status: 400,
      detail: 'Unknown parameter "colourmap": use one of colormap',
    },
    {
      name: "a parameter of every object",
      request: () => post("/explain?constructor=1"),
      status: 400,
      detail: 'Unknown parameter "constructor"',
    },
    {
      name: "a format",
      request: () => post("/explain?format=gif"),
      status: 400,
      detail: 'Unknown rendering "gif"',
    },
    {
      name: "a colour map",
      request: () => post("/explain?colormap=virdis"),
      status: 400,
      detail: 'Unknown colour map "virdis": use one of viridis',
    },
    { name: "a method of CAM", request: () => post("/explain?method=cam"), status: 400, detail: '"cam"' },
    {
      name: "a score",
      request: () => post("/explain?score=odds"),
      status: 400,
      detail: 'Unknown score "odds"',
    },
    { name: "a fit", request: () => post("/explain?fit=bend"), status: 400, detail: '"bend"' },
    { name: "a preprocessing", request: () => post("/explain?preprocess=x"), status: 400, detail: '"x"' },
    {
      name: "a mean alone",
      request: () => post("/explain?preprocess=mean%3D1"),
      status: 400,
      detail: 'Cannot use preprocess "mean=1": use mean=M,std=S',
    },
    {
      name: "a range",
      request: () => post("/explain?range=9,3"),
      status: 400,
      detail: 'Cannot use range "9,3": use auto, or LOW,HIGH',
    },
    {
      name: "a kind of opacity",
      request: () => post("/explain?opacity=full"),
      status: 400,
      detail: "use one of map",
    },
    { name: "a size", request: () => post("/explain?minSide=9999"), status: 400, detail: "use 1024 at most" },
    { name: "no size", request: () => post("/explain?minSide=-3"), status: 400, detail: "minSide -3" },
    { name: "an opacity", request: () => post("/explain?alpha=2"), status: 400, detail: "from 0 to 1" },
    { name: "no number", request: () => post("/explain?top=many"), status: 400, detail: "give a number" },
    {
      name: "too many classes",
      request: () => post("/explain?top=21"),
      status: 400,
      detail: "use 20 at most",
    },
    {
      name: "no flag",
      request: () => post("/explain?relu=maybe"),
      status: 400,
      detail: "give true or false",
    },
    {
      name: "twice",
      request: () => post("/explain?score=output&score=logit"),
      status: 400,
      detail: "give it once",
    },
    {
      name: "a class out of range",
      request: () => post("/explain?class=3"),
      status: 400,
      detail: "classes 0 to 2",
    },
    {
      name: "an unknown class",
      request: () => post("/explain?class=wesp"),
      status: 422,
      detail: 'Cannot find class "wesp": the nearest are wasp',
    },
    {
      name: "an unknown layer",
      request: () => post("/explain?layer=feature"),
      status: 422,
      detail: "features",
    },
  ];
  await withHandler({ maxBodyBytes: 100_000 }, async (handler) => {
    for (const { name, request, status, detail, allow } of cases) {
      await t.step(name, async () => {
        const response = await leavingNoTensors(() => handler(request()));
        const problem = await response.json();
        assertEquals([response.status, problem.status], [status, status], problem.detail);
        assertEquals(response.headers.get("content-type"), "application/problem+json");
        assertStringIncludes(problem.detail, detail);
        assertEquals([problem.type, problem.detail.includes("\n")], ["about:blank", false]);
        assert(problem.title.length > 0);
        if (allow) assertEquals(response.headers.get("allow"), allow);
      });
    }
  });
});

Deno.test("createHandler() answers GET, HEAD and OPTIONS", async (t) => {
  await withHandler({ cors: "https://example.com" }, async (handler) => {
    const headers = { origin: "https://example.com" };
    const ask = (path: string, method = "GET") =>
      handler(new Request(`http://localhost${path}`, { method, headers }));
    await t.step("the page", async () => {
      const response = await ask("/");
      const policy = response.headers.get("content-security-policy")!;
      const page = await response.text();
      assertStringIncludes(policy, "script-src 'self'; style-src 'self'");
      assertStringIncludes(page, '<script type="module" src="page/page.js">');
      assertEquals(page.match(/(src|href)="https?:/g), null);
    });
    await t.step("layers", async () => {
      const { default: last, layers, inputs, outputs } = await (await ask("/layers")).json();
      assertEquals(last, "features");
      assertEquals([inputs[0].shape, outputs[0].shape], [[null, 8, 6, 3], [null, 3]]);
      assertEquals(layers.map(({ path }: { path: string }) => path).slice(-2), ["means", "scores"]);
    });
    await t.step("health", async () => {
      const { status, backend, running, waiting } = await (await ask("/health")).json();
      assertEquals([status, backend.name, running, waiting], ["ok", "cpu", 0, 0]);
    });
    await t.step("HEAD", async () => {
      const response = await ask("/health", "HEAD");
      assertEquals([response.status, response.body], [200, null]);
    });
    await t.step("OPTIONS", async () => {
      const response = await ask("/explain/", "OPTIONS");
      assertEquals([response.status, response.headers.get("allow")], [204, "POST, OPTIONS"]);
      assertEquals(response.headers.get("access-control-allow-origin"), "https://example.com");
    });
  });
});

Deno.test("createHandler() lets one photo in at a time, has some wait, and refuses the rest", async () => {
  await withHandler({ concurrency: 1, queue: 2 }, async (handler) => {
    const responses = await Promise.all(
      Array.from({ length: 5 }, () => handler(post("/explain?format=json"))),
    );
    assertEquals(responses.map(({ status }) => status), [200, 200, 200, 503, 503]);
    assertEquals(responses[4]!.headers.get("retry-after"), "1");
    for (const response of responses) await response.body?.cancel();
    const after = await handler(post("/explain?format=json"));
    assertEquals(after.status, 200);
    await after.body?.cancel();
  });
});

Deno.test("createHandler() survives a photo whose sender has gone", async () => {
  await withHandler({}, async (handler) => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(photo.subarray(0, 100));
        controller.error(new Error("connection reset"));
      },
    });
    const response = await handler(post("/explain", body, { "content-type": "image/png" }));
    assertEquals([response.status, (await response.json()).detail], [
      400,
      "Cannot read the request: it was cut short",
    ]);
    assertEquals((await handler(post("/explain?format=json"))).status, 200);
  });
});

Deno.test("createHandler() keeps its own troubles to its log, and tries again", async () => {
  const errors: unknown[] = [];
  const folder = await Deno.makeTempDir();
  try {
    const model = `${folder}/model.json`;
    const handler = createHandler({ model, backend: "cpu", onError: (error) => void errors.push(error) });
    const response = await handler(post("/explain"));
    const { detail } = await response.json();
    assertEquals([response.status, detail.includes(folder)], [500, false]);
    assertStringIncludes(String(errors[0]), "no such file");
    await writeTinyModel(folder);
    const again = await handler(post("/explain?format=json"));
    assertEquals((await again.json()).layer, "features");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createHandler() refuses limits that make no sense", () => {
  for (const options of [{ concurrency: 0 }, { queue: -1 }, { maxBodyBytes: 1.5 }, { maxPixels: NaN }]) {
    assertThrows(() => createHandler(options), RangeError, Object.keys(options)[0]!);
  }
});
