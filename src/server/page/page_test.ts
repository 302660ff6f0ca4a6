/** The page in a browser. Without one these tests are skipped. */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import type { Browser, BrowserContext, Page, Viewport } from "puppeteer-core";
import { selectBackend } from "../../../backends/mod.ts";
import { decodeImage, loadModel, methods } from "../../../mod.ts";
import { findFaults, launchBrowser, watchProblems } from "../../testing/browser.ts";
import { testdata } from "../../testing/mod.ts";
import { buildLogitUnit, buildTwoPhotos, disposeWhole } from "../../testing/tiny_model.ts";
import {
  chooseFile,
  keepSaved,
  pastePhoto,
  serve,
  takeSaved,
  type TestService,
  waitForText,
} from "./testing.ts";

const pathOf = (name: string) => new URL(name, testdata).pathname;
const cat = pathOf("photos/chelsea.png");

/** A page of its own, and what it has complained of. */
interface OpenPage {
  readonly page: Page;
  readonly problems: string[];
  readonly context: BrowserContext;
}

interface OpenOptions {
  readonly hash?: string;
  readonly viewport?: Viewport;
  /** Runs before the page's own script. */
  readonly before?: (page: Page) => Promise<unknown>;
}

async function openPage(
  browser: Browser,
  { url }: TestService,
  { hash = "", viewport = { width: 1200, height: 800 }, before }: OpenOptions = {},
): Promise<OpenPage> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const problems = watchProblems(page);
  page.on("request", (request) => {
    const isOwn = [url, "blob:", "data:"].some((start) => request.url().startsWith(start));
    if (!isOwn) problems.push(`asked for ${request.url()}`);
  });
  await page.setViewport(viewport);
  await before?.(page);
  await page.goto(url + hash);
  await page.waitForSelector("h1");
  return { page, problems, context };
}

/** Show an example, and wait until it is explained. */
async function showCat(page: Page): Promise<void> {
  await page.waitForSelector(".example");
  await page.click(".example");
  await waitForText(page, "#status", "Egyptian cat");
  await page.waitForSelector(".map");
}

/** Choose the first of a search. */
async function search(page: Page, field: string, text: string): Promise<void> {
  await page.click(field);
  await page.type(field, text);
  await page.keyboard.press("Enter");
}

const classField = ".classes [role=combobox]";
const versusField = ".versus [role=combobox]";
const layerField = ".classes + .card [role=combobox]";

/** What stands in a drawn map: its pixels in short, as one number. */
async function digestMap(page: Page, selector = ".map"): Promise<number> {
  return await page.$eval(selector, (element) => {
    // deno-lint-ignore no-explicit-any -- in the page it is a canvas
    const canvas = element as any;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 7;
    for (let at = 0; at < data.length; at += 97) sum = (sum * 31 + data[at]) % 1000003;
    return sum;
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * How long it takes from a click on one of the listed classes until its map is seen, in milliseconds: the quickest of some,
 * since machines that run tests do other things too.
 */
async function quickestClick(page: Page, places: readonly number[]): Promise<number> {
  return await page.evaluate(`(async () => {
    let quickest = Infinity;
    for (const place of ${JSON.stringify([...places, ...places])}) {
      const row = document.querySelectorAll(".class-row")[place];
      const name = row.querySelector(".class-name").textContent;
      const isShown = () =>
        document.querySelector(".caption-name").textContent === name && document.querySelector(".map");
      const start = performance.now();
      row.querySelector("input").click();
      while (!isShown() && performance.now() - start < 5000) await new Promise((resolve) => setTimeout(resolve));
      quickest = Math.min(quickest, performance.now() - start);
    }
    return quickest;
  })()`) as number;
}

/** Nothing is found in either scheme; what does not depend on colours is looked for once. */
async function assertAccessible(page: Page, state: string): Promise<void> {
  const still = { name: "prefers-reduced-motion", value: "reduce" }; // colours do not fade from one to the other
  for (const [value, rules] of [["light", undefined], ["dark", ["color-contrast"]]] as const) {
    await page.emulateMediaFeatures([still, { name: "prefers-color-scheme", value }]);
    assertEquals(await findFaults(page, rules), [], `${state}, ${value}`);
  }
  await page.emulateMediaFeatures([]);
}

/** Each thing that the page can do, as a step. */
type Step = (browser: Browser, service: TestService) => Promise<void>;

const steps: Readonly<Record<string, Step>> = {
  async "an example is explained, with its best classes as bars and the layers worth a look"(
    browser,
    service,
  ) {
    const { page, problems, context } = await openPage(browser, service);
    await showCat(page);
    assertMatch(await waitForText(page, "#status", "strongest"), /Egyptian cat \(\d\d %\): strongest/);
    const rows = await page.$$eval(".class-row", (found) => found.map((row) => row.textContent!));
    assertEquals(rows.length, 5);
    for (const row of rows) assertMatch(row, /^[\w ]+?[<\d.]+[\d. ]* %$/);
    const widths = await page.evaluate(
      `[...document.querySelectorAll(".meter span")].map((bar) => bar.getBoundingClientRect().width)`,
    ) as number[];
    assert(widths[0]! > 5 * widths[1]!, widths.join());
    const chips = await page.$$eval("[name=layer]", (found) => found.length);
    assert(chips >= 3 && chips <= 4, `${chips} layers`);
    assertMatch(await waitForText(page, ".numbers", "for"), /0.*for.*0\.\d+/);
    assertEquals(problems, []);
    await context.close();
  },

  async "the photo goes up once, and clicks ask at most for a map"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await showCat(page);
    const [uploads, requests] = [service.uploads.length, service.requests.length];
    const known = await quickestClick(page, [1, 2, 3, 4]);
    assert(known < 100, `A class among the best took ${known} ms`);
    assertEquals(service.requests.length, requests, "The best classes come with the first answer");
    const drawn = await digestMap(page);
    await page.click('[name=colormap][value="turbo"]');
    await page.waitForSelector('[name=colormap][value="turbo"]:checked');
    await page.click("#contour");
    await page.$eval("#alpha", (slider) => {
      Object.assign(slider, { value: "0.35" });
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await waitForText(page, ".slider output", "35 %");
    assert(await digestMap(page) !== drawn, "The colours have changed");
    assertEquals(service.requests.length, requests, "Colours are drawn here");
    await search(page, classField, "goldfish");
    await waitForText(page, "#status", "goldfish");
    await search(page, layerField, "block10_add");
    await waitForText(page, ".caption-how", "block10_add");
    const asked = service.requests.slice(requests);
    assertEquals(asked.length, 2);
    for (const request of asked) assertMatch(request, /^POST \/v1\/explain\?photo=[\w-]+&/);
    assertEquals(service.uploads.length, uploads);
    assertEquals(problems, []);
    await context.close();
  },

  async "a slow answer for a photo is not shown for the next one"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await page.waitForSelector("#stage, .example");
    let isFirst = true;
    const held = Promise.withResolvers<void>();
    service.between = async (request, next) => {
      if (!request.url.includes("/v1/explain") || !isFirst) return await next(request);
      isFirst = false;
      const answer = await next(new Request(request.url, { method: "POST", body: await request.formData() }));
      await held.promise; // it comes when the next photo's is there
      return answer;
    };
    await chooseFile(page, cat);
    await page.waitForSelector(".progress");
    await chooseFile(page, pathOf("photos/coffee.png"));
    await waitForText(page, "#status", "espresso");
    held.resolve();
    await pause(300);
    assertMatch(await page.$eval("#status", (status) => status.textContent!), /for espresso/);
    assertEquals(await page.$eval(".caption-name", (name) => name.textContent), "espresso");
    assertEquals(await page.$eval(".facts dd", (fact) => fact.textContent), "coffee.png, 600 × 400");
    assertEquals(problems, []);
    await context.close();
  },

  async "a slow answer for a class is not shown for the next one"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await showCat(page);
    const held = Promise.withResolvers<void>();
    service.between = async (request, next) => {
      const answer = await next(request);
      if (request.url.includes("class=1&")) await held.promise;
      return answer;
    };
    await search(page, classField, "goldfish");
    await page.waitForSelector(".progress");
    assertEquals(await page.$(".map"), null, "The map of another class is not shown meanwhile");
    await search(page, classField, "hammerhead");
    await waitForText(page, "#status", "hammerhead");
    const drawn = await digestMap(page);
    held.resolve();
    await pause(300);
    assertEquals(await page.$eval(".caption-name", (name) => name.textContent), "hammerhead");
    assertEquals(await digestMap(page), drawn);
    assertEquals(problems, []);
    await context.close();
  },

  async "what is saved is what is seen, under names that tell what it is"(browser, service) {
    const { page, problems, context } = await openPage(browser, service, { before: keepSaved });
    await chooseFile(page, cat);
    await page.waitForSelector(".map");
    await search(page, classField, "lynx");
    await waitForText(page, "#status", "lynx");
    await page.click('[name=colormap][value="inferno"]');
    await page.click("#contour");
    const body = await Deno.readFile(cat);
    const drawing = "class=lynx&colormap=inferno&contour=true&alpha=0.7";
    const ask = async (format: string) => {
      const response = await fetch(`${service.url}explain?${drawing}&format=${format}`, {
        method: "POST",
        body,
      });
      return await response.bytes();
    };
    const save = async (title: string) => {
      await page.click(`[data-kind="${title}"]`);
      const [file] = await takeSaved(page, 1);
      return file!;
    };
    for (const title of ["Overlay", "Heatmap"]) {
      const { name, bytes } = await save(title);
      assertEquals(name, `chelsea.lynx.gradcam.${title.toLowerCase()}.png`);
      const [saved, drawn] = [await decodeImage(bytes), await decodeImage(await ask(title.toLowerCase()))];
      assertEquals([saved.width, saved.height], [drawn.width, drawn.height]);
      const off = drawn.data.filter((value, at) => Math.abs(value - saved.data[at]!) > 2).length;
      assertEquals(off, 0, `${off} values of the ${title} differ`);
    }
    const numbers = await save("NumPy");
    assertEquals([numbers.name, numbers.bytes], ["chelsea.lynx.gradcam.heatmap.npy", await ask("npy")]);
    const json = await save("JSON");
    assertEquals(json.name, "chelsea.lynx.gradcam.explanation.json");
    assertEquals(JSON.parse(new TextDecoder().decode(json.bytes)).maps[0].label, "lynx");
    const panel = await save("Panel");
    assertEquals(panel.name, "chelsea.lynx.gradcam.panel.png");
    assertMatch(
      service.requests.at(-1)!,
      /class=287&.*format=panel&colormap=inferno&opacity=map&alpha=0.7&contour=true/,
    );
    assertEquals((await decodeImage(panel.bytes)).height, (await decodeImage(await ask("panel"))).height);
    await page.click('[name=compare][value="class"]');
    await page.waitForSelector("figure:nth-child(2) .map");
    const both = await save("Overlay");
    assertEquals(both.name, "chelsea.lynx.gradcam.vs.egyptian-cat.gradcam.overlay.png");
    assert((await decodeImage(both.bytes)).width > 2 * 451);
    assertEquals(problems, []);
    await context.close();
  },

  async "a busy server is asked again with a sign, until one stops waiting"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    let [refusals, seconds] = [1, "1"];
    service.between = async (request, next) => {
      if (!request.url.includes("/v1/explain") || refusals-- <= 0) return await next(request);
      await request.body?.cancel();
      return Response.json({ status: 503, code: "busy", detail: "The server is busy" }, {
        status: 503,
        headers: { "retry-after": seconds },
      });
    };
    await page.waitForSelector(".example");
    await page.click(".example");
    await waitForText(page, ".progress", "The server is busy. Asking again in 1 s");
    await waitForText(page, "#status", "Egyptian cat");
    [refusals, seconds] = [1, "9"];
    await search(page, classField, "goldfish");
    await waitForText(page, ".progress", "Asking again in 9 s");
    await page.click(".progress button");
    await waitForText(page, "#trouble", "You stopped waiting");
    assertEquals(await page.evaluate("document.activeElement.id"), "stage");
    await page.click("#again");
    await waitForText(page, "#status", "goldfish");
    assertEquals(await page.$("#trouble"), null);
    assertEquals(problems.filter((text) => !text.includes("503")), []);
    await context.close();
  },

  async "a photo that the server holds no more goes up again, and each time where it holds none"(
    browser,
    service,
  ) {
    const { page, context } = await openPage(browser, service);
    await showCat(page);
    const before = service.uploads.length;
    let isGone = true;
    service.between = async (request, next) => {
      if (!isGone || !request.url.includes("photo=")) return await next(request);
      isGone = false;
      return Response.json({ status: 404, code: "photo-gone" }, { status: 404 });
    };
    await search(page, classField, "goldfish");
    await waitForText(page, "#status", "goldfish");
    assertEquals(service.uploads.length, before + 1);
    await search(page, classField, "hammerhead");
    await waitForText(page, "#status", "hammerhead");
    assertEquals(service.uploads.length, before + 1);
    await context.close();

    const other = await openPage(browser, service);
    service.between = async (request, next) => {
      if (!request.url.includes("/v1/explain")) return await next(request);
      const form = await request.formData();
      if (form.has("keep")) {
        return Response.json({ status: 400, code: "photos-not-kept", detail: "None are kept" }, {
          status: 400,
        });
      }
      return await next(new Request(request.url, { method: "POST", body: form }));
    };
    await showCat(other.page);
    const [sent, requests] = [service.uploads.length, service.requests.length];
    await search(other.page, classField, "goldfish");
    await waitForText(other.page, "#status", "goldfish");
    assertEquals([service.uploads.length, service.requests.length], [sent + 1, requests + 1]);
    await other.context.close();
  },

  async "a large photo is shrunk to what the model can use, unless it must be exact"(browser, service) {
    const { page, problems, context } = await openPage(browser, service, { before: keepSaved });
    await page.waitForSelector(".example");
    const sent: (readonly [number, number, number])[] = [];
    service.between = async (request, next) => {
      if (!request.headers.get("content-type")?.startsWith("multipart/")) return await next(request);
      const form = await request.formData();
      const photo = form.get("photo") as File;
      const { width, height } = await decodeImage(await photo.bytes());
      sent.push([width, height, photo.size]);
      return await next(new Request(request.url, { method: "POST", body: form }));
    };
    const photo = { example: "chelsea.jpg", width: 2400, height: 1596, type: "image/jpeg" };
    const size = await pastePhoto(page, photo);
    await page.waitForSelector(".map");
    assertEquals(sent[0]!.slice(0, 2), [1024, 681]);
    assert(sent[0]![2] < size / 2, `${sent[0]![2]} of ${size} bytes`);
    await page.click('[data-kind="JSON"]');
    await page.click(".facts summary");
    await waitForText(page, ".facts", "Sentat 1024 × 681");
    await page.click("#exact");
    await waitForText(page, ".facts", "Sentas it is");
    await page.waitForSelector(".map");
    assertEquals(sent[1], [2400, 1596, size]);
    await page.click('[data-kind="JSON"]');
    const maps = (await takeSaved(page, 2)).map(({ bytes }) =>
      JSON.parse(new TextDecoder().decode(bytes)).maps[0]
    );
    const [small, whole] = maps.map(({ heatmap }) => heatmap.data as number[]);
    const differences = small!.map((value, at) => Math.abs(value - whole![at]!));
    const [mean, most] = [
      differences.reduce((sum, one) => sum + one, 0) / small!.length,
      Math.max(...differences),
    ];
    if (Deno.env.has("GRADCAM_FIGURES")) console.log({ mean, most, scores: maps.map(({ score }) => score) });
    assert(mean < 0.02 && most < 0.08, `The map differs by ${mean} on average, ${most} at most`);
    assertAlmostEquals(maps[0].score, maps[1].score, 0.05);
    assertEquals(problems, []);
    await context.close();
  },

  async "photos are upright, and those that the browser cannot show come from the server"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    for (
      const [name, width, height, requests] of [
        ["turned6.jpg", 26, 40, 1],
        ["turned6.webp", 26, 40, 2],
        ["plain.tiff", 40, 26, 2],
        ["deep_rgb.png", 40, 26, 2],
      ] as const
    ) {
      const before = service.requests.length;
      await chooseFile(page, pathOf(`images/${name}`));
      await waitForText(page, ".facts dd", `${name}, ${width} × ${height}`);
      await page.waitForSelector(".photo");
      await page.waitForSelector(".map");
      const explained = service.requests.slice(before).filter((request) => request.includes("explain"));
      assertEquals(explained.length, requests, name);
    }
    assertEquals(problems, []);
    await context.close();
  },

  async "a link restores what is chosen, and choices can be undone"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await showCat(page);
    await search(page, classField, "lynx");
    await page.click('[name=colormap][value="jet"]');
    await page.click('[name=compare][value="layer"]');
    await page.waitForSelector("figure:nth-child(2) .map");
    await page.click("#contour");
    await page.waitForFunction(`location.hash.endsWith("contour=true")`);
    const hash = await page.evaluate("location.hash") as string;
    assertMatch(hash, /^#example=cat&class=287&compare=layer%3A\w+&colormap=jet&contour=true$/);
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    await page.waitForFunction(`document.querySelectorAll(".map").length === 1`);
    assertEquals(await page.$("#contour:checked"), null);
    await page.click('[aria-label="Undo"]');
    await page.waitForSelector('[name=colormap][value="viridis"]:checked');
    await page.click('[aria-label="Redo"]');
    await page.waitForSelector('[name=colormap][value="jet"]:checked');
    await context.close();

    const other = await openPage(browser, service, { hash });
    await waitForText(other.page, "#status", /lynx.*Beside it: .*Egyptian cat|lynx.*Beside it: .*lynx/);
    assertEquals(await other.page.$$eval(".map", (maps) => maps.length), 2);
    assert(await other.page.$('[name=colormap][value="jet"]:checked'));
    assertEquals(await other.page.evaluate("location.hash"), hash);
    assertEquals([...problems, ...other.problems], []);
    await other.context.close();
  },

  async "two maps stand side by side with one legend"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    service.between = async (request, next) => { // as if there were a second method
      if (request.url.endsWith("/v1/methods")) {
        return Response.json({
          methods: [{ name: "gradcam" }, { name: "othercam", description: "another" }],
        });
      }
      if (!request.url.includes("method=othercam")) return await next(request);
      const answer = await next(new Request(request.url.replace("&method=othercam", ""), request));
      const json = await answer.json();
      return Response.json({ ...json, method: "othercam" });
    };
    await page.reload();
    await showCat(page);
    for (const [side, field] of [["class", "name"], ["layer", "how"], ["method", "how"]] as const) {
      await page.click(`[name=compare][value="${side}"]`);
      await page.waitForSelector("figure:nth-child(2) .map");
      const [one, other] = await page.$$eval(
        `.caption-${field}`,
        (found) => found.map((text) => text.textContent),
      );
      assert(one !== other, `${side}: ${one}, ${other}`);
      assertEquals(await page.$$eval(".legend .colors", (bars) => bars.length), 1);
      assertEquals(await page.$$eval(".legend .numbers", (rows) => rows.length), 2);
    }
    await page.click('[name=method][value="othercam"]');
    await waitForText(page, ".caption-how", "othercam");
    await page.click('[name=compare][value=""]');
    await page.waitForFunction(`document.querySelectorAll("figure").length === 1`);
    assertEquals(problems, []);
    await context.close();
  },

  async "methods of all kinds, what they are told, and a class that it is not"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await showCat(page);
    const listed = (selector: string) =>
      page.$$eval(`${selector} [name=method]`, (found) => found.map((one) => one.getAttribute("value")));
    const slow = await listed(".slow");
    assert(slow.includes("rise") && !slow.includes("eigencam"), slow.join());
    const ofAny = methods.filter(({ at }) => at !== "tokens"); // the model is no transformer
    assertEquals(new Set(await listed("#methods")).size, ofAny.length);
    const before = await digestMap(page);

    await page.click('[name=method][value="hirescam"]');
    await waitForText(page, ".caption-how", "hirescam");
    assert(await digestMap(page) !== before);
    assertEquals(await page.$(".settings"), null, "it takes none");

    // Five classes at once are for quick methods alone; a slow one can be stopped, and told to take less.
    await page.click('[name=method][value="rise"]');
    await waitForText(page, ".progress-text", "The network is looking many times");
    assertMatch(service.requests.at(-1)!, /method=rise&samples=200&format=json$/);
    await page.click(".progress button");
    await waitForText(page, "#trouble", "You stopped waiting");
    await page.click(".settings summary");
    for (const [name, value] of [["samples", "3"], ["cells", "2"]] as const) {
      await page.$eval(`#set-${name}`, (field) => (field as unknown as { select(): void }).select());
      await page.type(`#set-${name}`, value);
      await page.keyboard.press("Enter");
    }
    await page.waitForFunction(`document.querySelector("#stage").dataset.look.includes('["cells","2"]')`);
    await waitForText(page, ".caption-how", "rise");
    assertMatch(service.requests.at(-1)!, /method=rise&samples=3&cells=2&format=json$/);
    assertMatch(await page.evaluate("location.hash") as string, /set\.samples=3/);
    await assertAccessible(page, "settings");
    const seen = await digestMap(page);
    await page.select("#set-baseline", "white");
    await page.waitForFunction(`document.querySelector("#stage").dataset.look.includes("white")`);
    await page.waitForSelector(".map");
    assertMatch(service.requests.at(-1)!, /samples=3&baseline=white&cells=2/);
    assert(await digestMap(page) !== seen);

    await page.click('[name=method][value="layercam"]');
    await page.click(versusField);
    await page.type(versusField, "lynx");
    await page.keyboard.press("Enter");
    await waitForText(page, ".caption-name", "Egyptian cat rather than lynx");
    assertMatch(service.requests.at(-1)!, /versus=287&method=layercam/);
    await page.click('[name=compare][value="method"]');
    await page.waitForSelector("figure:nth-child(2) .map");
    await search(page, "#beside [role=combobox]", "shapley");
    await waitForText(page, "figure:nth-child(2) .caption-how", "shapleycam");
    await page.setViewport({ width: 390, height: 844 });
    const reach = await page.evaluate("document.scrollingElement.scrollWidth") as number;
    assert(reach <= 390, `${reach}`);
    assertEquals(await findFaults(page), [], "two methods, 390 pixels wide");
    assertEquals(problems, []);
    await context.close();
  },

  async "a keyboard is enough, and the focus stays where it was"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    const focused = () =>
      page.evaluate(
        "document.activeElement.id || document.activeElement.name || document.activeElement.className",
      );
    await page.waitForSelector(".example");
    const way: unknown[] = [];
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press("Tab");
      way.push(await focused());
    }
    assertEquals(way, ["chooser", "button", "example"]);
    await page.keyboard.press("Enter");
    await waitForText(page, "#status", "Egyptian cat");
    assertEquals(await focused(), "stage");
    await page.keyboard.press("Tab"); // the chosen class
    assertEquals(await focused(), "class");
    await page.evaluate("globalThis.held = document.activeElement.closest('ul')");
    await page.keyboard.press("ArrowDown");
    await waitForText(page, "#status", "tiger cat");
    assertEquals(await focused(), "class");
    await page.keyboard.press("Tab");
    await page.keyboard.type("gold");
    await page.evaluate("globalThis.field = document.activeElement");
    const listed = await page.$$eval(
      ".classes [role=option]",
      (found) => found.map((one) => one.textContent!),
    );
    assertEquals(listed[0], "goldfish1");
    assert(listed.length > 1 && listed.every((name) => /gold/i.test(name)), listed.join());
    await page.keyboard.press("ArrowDown");
    const active = await page.evaluate(
      "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent",
    );
    assertEquals(active, listed[1]);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await waitForText(page, "#status", "goldfish");
    assert(await page.evaluate("field === document.activeElement && field.isConnected"));
    assert(await page.evaluate("held.isConnected"), "The list was not made anew");
    await page.keyboard.press("Escape");
    assertEquals(problems, []);
    await context.close();
  },

  async "portraits fit into the window, and every width holds the page"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await page.waitForSelector(".example");
    await pastePhoto(page, { example: "coffee.jpg", width: 500, height: 1300, type: "image/png" });
    await page.waitForSelector(".map");
    for (const [width, height] of [[1400, 800], [800, 1000], [390, 844]] as const) {
      await page.setViewport({ width, height });
      const [frame, reach] = await page.evaluate(`(() => {
        const { height, width } = document.querySelector(".frame").getBoundingClientRect();
        return [[width, height], document.scrollingElement.scrollWidth];
      })()`) as [[number, number], number];
      assert(frame[1] < height, `${frame} in ${width} × ${height}`);
      assertAlmostEquals(frame[0] / frame[1], 500 / 1300, 0.02);
      assert(reach <= width, `${reach} in ${width}`);
    }
    assertEquals(problems, []);
    await context.close();
  },

  async "a camera's photo is explained, and a refusal is told in plain words"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await page.waitForSelector(".drop button");
    await page.click(".drop button");
    await page.waitForSelector("dialog [aria-disabled=false]", { timeout: 10_000 });
    await page.click("dialog .primary");
    await page.waitForSelector(".map");
    assertMatch(await waitForText(page, ".facts dd", "camera"), /^camera\.jpg, \d+ × \d+$/);
    assertEquals(await page.$("dialog"), null);
    await page.evaluate(`navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("Permission denied", "NotAllowedError"))`);
    await page.click(".tools button");
    await waitForText(page, "dialog [role=status]", "This page may not use the camera. Allow it");
    await assertAccessible(page, "the camera's dialog");
    await page.keyboard.press("Escape");
    await page.waitForFunction(`!document.querySelector("dialog")`);
    assertEquals(problems, []);
    await context.close();
  },

  async "a token is asked for, and several models can be chosen from"(browser, service) {
    service.between = async (request, next) => {
      const { pathname } = new URL(request.url);
      if (!pathname.startsWith("/v1/")) return await next(request);
      if (request.headers.get("authorization") !== "Bearer secret") {
        return Response.json({ status: 401, code: "unauthorized" }, { status: 401 });
      }
      if (pathname === "/v1/models") {
        const models = [{ id: "default", default: true, open: true }, {
          id: "birds",
          default: false,
          open: false,
        }];
        return Response.json({ models });
      }
      return await next(
        new Request(
          request.url.replace("/models/birds", "/models/default").replace("model=birds&", ""),
          request,
        ),
      );
    };
    const { page, context } = await openPage(browser, service);
    await page.waitForSelector("#token");
    await assertAccessible(page, "the question for a token");
    await page.type("#token", "secret");
    await page.keyboard.press("Enter");
    await page.waitForFunction(`!document.querySelector("#token")`);
    await showCat(page);
    await page.select("#model", "birds");
    await page.waitForFunction(`location.hash.includes("model=birds")`);
    await waitForText(page, "#status", "Egyptian cat");
    await page.reload();
    await page.waitForSelector("#model");
    assertEquals(await page.$("#token"), null, "The token is kept for the tab");
    await context.close();
  },

  async "errors are told in plain words, with what to do"(browser, service) {
    const { page, context } = await openPage(browser, service);
    await chooseFile(page, pathOf("images/index.json"));
    await waitForText(page, "#trouble", /cannot be read as a photo|could not be explained/);
    await waitForText(page, "#trouble", "The server says: Cannot decode");
    await assertAccessible(page, "an error");
    await page.setOfflineMode(true);
    await page.click("#again");
    await waitForText(
      page,
      "#trouble",
      "The server cannot be reached",
    );
    await page.setOfflineMode(false);
    await chooseFile(page, cat);
    await waitForText(page, "#status", "Egyptian cat");
    assertEquals(await page.$("#trouble"), null);
    await context.close();
  },

  async "axe finds nothing in any state"(browser, service) {
    const { page, problems, context } = await openPage(browser, service);
    await page.waitForSelector(".example");
    await assertAccessible(page, "empty");
    let [held, isHeld] = [Promise.withResolvers<void>(), true];
    service.between = async (request, next) => {
      if (request.url.includes("/v1/explain") && isHeld) await held.promise;
      return await next(request);
    };
    await page.click(".example");
    await page.waitForSelector(".progress");
    await pause(350); // until it has appeared
    await assertAccessible(page, "busy");
    [held, isHeld] = [(held.resolve(), held), false];
    await waitForText(page, "#status", "Egyptian cat");
    await assertAccessible(page, "a result");
    await page.click('[name=compare][value="class"]');
    await page.waitForSelector("figure:nth-child(2) .map");
    await page.click(classField);
    await page.click(".facts summary");
    await page.click(classField);
    await assertAccessible(page, "two maps, and an open list");
    assertEquals(problems, []);
    await context.close();
  },
};

Deno.test("pageResponse() gives a page in a browser", async (t) => {
  const launched = await launchBrowser();
  if ("reason" in launched) {
    await t.step({ name: `skipped: ${launched.reason}`, ignore: true, fn: () => {} });
    return;
  }
  const { browser } = launched;
  const model = await loadModel();
  try {
    await using service = serve({ model });
    for (const [name, run] of Object.entries(steps)) {
      service.between = (request, next) => next(request);
      await t.step(name, () => run(browser, service));
    }
  } finally {
    await browser.close();
    model.dispose();
  }
});

Deno.test("pageResponse() offers of ONNX models what they have", async (t) => {
  const launched = await launchBrowser();
  if ("reason" in launched) {
    await t.step({ name: `skipped: ${launched.reason}`, ignore: true, fn: () => {} });
    return;
  }
  const { browser } = launched;
  const names = (selector: string, page: Page) =>
    page.$$eval(selector, (found) => found.map((one) => one.getAttribute("value")));
  const ofTokens = methods.filter(({ at }) => at === "tokens").map(({ name }) => name);
  const labels = Array.from({ length: 6 }, (_, index) => `class ${"ABCDEF"[index]}`);
  try {
    for (const [network, hasAttention] of [["vit", true], ["swin", false]] as const) {
      await t.step(network, async () => {
        const model = new URL(`onnx/${network}/newest.onnx`, testdata);
        await using service = serve({ model, labels, preprocess: "unit", backend: "wasm" });
        const { page, problems, context } = await openPage(browser, service);
        await chooseFile(page, cat);
        await waitForText(page, "#status", /looked for class [A-F]/);
        await page.waitForSelector(".map");
        const offered = await names("#methods [name=method]", page);
        assertEquals(ofTokens.map((name) => offered.includes(name)), ofTokens.map(() => hasAttention));
        if (hasAttention) {
          const before = await digestMap(page);
          await page.click('[name=method][value="attentionrelevance"]');
          await waitForText(page, ".caption-how", "attentionrelevance");
          assert(await digestMap(page) !== before);
        }
        assertEquals(problems, []);
        await context.close();
      });
    }
  } finally {
    await browser.close();
  }
});

Deno.test("pageResponse() asks for what else goes into the model, and shows a logit's probability", async (t) => {
  const launched = await launchBrowser();
  if ("reason" in launched) {
    await t.step({ name: `skipped: ${launched.reason}`, ignore: true, fn: () => {} });
    return;
  }
  const { browser } = launched;
  await selectBackend({ backend: "cpu" });
  const [two, unit] = [buildTwoPhotos(), buildLogitUnit(3)];
  const common = { preprocess: "unit", backend: "cpu" } as const;
  try {
    await t.step("a second photo", async () => {
      await using service = serve({ ...common, model: two });
      const { page, context } = await openPage(browser, service);
      await chooseFile(page, pathOf("images/plain.png"));
      await page.waitForSelector("#others input");
      const names = await page.$$eval(
        "#others input",
        (fields) => fields.map((field) => field.getAttribute("name")),
      );
      assertEquals(names, ["inputs.photo_b"]);
      await waitForText(page, "#trouble", 'without its input "photo_b"');
      await chooseFile(page, pathOf("images/palette.bmp"), "#others input");
      await waitForText(page, "#status", "Where the network looked for class");
      await context.close();
    });
    await t.step("a logit", async () => {
      await using service = serve({ ...common, model: unit, labels: ["cat", "dog"] });
      const { page, context } = await openPage(browser, service);
      await chooseFile(page, pathOf("images/plain.png"));
      await waitForText(page, "#status", /looked for dog \(9\d %\)/);
      assertMatch(await waitForText(page, ".classes", "cat"), /dog9\d %cat\d/);
      assertEquals(await page.$("#others"), null);
      await context.close();
    });
  } finally {
    await browser.close();
    disposeWhole(two);
    unit.dispose();
  }
});
