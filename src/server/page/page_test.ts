import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "puppeteer-core";
import { decodeImage } from "../../input/image/mod.ts";
import { selectBackend } from "../../../backends/mod.ts";
import { testdata } from "../../testing/mod.ts";
import { buildLogitUnit, buildTwoPhotos, disposeWhole } from "../../testing/tiny_model.ts";
import { createHandler } from "../mod.ts";

const root = new URL("../../../", import.meta.url);
const browserPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a browser is, if there is one. */
async function findBrowser(): Promise<string | undefined> {
  for (const path of browserPaths) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  return undefined;
}

/** Run `deno serve serve.ts` with no more permissions than it needs, and do something with its address. */
async function withService(use: (url: string) => Promise<void>): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "--no-prompt",
      "--host=127.0.0.1",
      "--port=0",
      `--allow-read=${root.pathname}models`,
      `${root.pathname}serve.ts`,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    let said = "";
    const decoder = new TextDecoder();
    const reader = process.stderr.getReader();
    while (!/http:\/\/127\.0\.0\.1:\d+\//.test(said)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`deno serve ended: ${said}`);
      said += decoder.decode(value, { stream: true });
    }
    reader.releaseLock();
    await use(/http:\/\/127\.0\.0\.1:\d+\//.exec(said)![0]);
  } finally {
    process.kill("SIGKILL");
    await process.stderr.cancel();
    await process.status;
  }
}

/** The text of an element, once it matches. */
async function waitForText(page: Page, selector: string, wanted: string): Promise<string> {
  // The function runs in the page.
  const there = `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${
    JSON.stringify(wanted)
  })`;
  await page.waitForFunction(there, { timeout: 30_000 });
  return await page.$eval(selector, (element) => element.textContent ?? "");
}

async function choosePhoto(page: Page, name: string, field = "#chooser"): Promise<void> {
  const chooser = await page.$(field);
  await chooser!.evaluate((element) => element.removeAttribute("accept"));
  await (chooser as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(
    new URL(name, testdata).pathname,
  );
}

Deno.test("serve.ts answers as deno serve runs it", async () => {
  await withService(async (url) => {
    const form = new FormData();
    form.append(
      "photo",
      new Blob([await Deno.readFile(new URL("photos/chelsea.png", testdata))]),
      "chelsea.png",
    );
    const response = await fetch(`${url}explain`, { method: "POST", body: form });
    assertEquals([response.status, response.headers.get("gradcam-label")], [200, "Egyptian cat"]);
    const { height, width } = await decodeImage(await response.bytes());
    assertEquals([height, width], [300, 451]);
  });
});

Deno.test("pageResponse() shows in a browser where the network looked", async (t) => {
  const executablePath = await findBrowser();
  if (!executablePath) {
    await t.step({ name: `skipped: no browser at ${browserPaths.join(", ")}`, ignore: true, fn: () => {} });
    return;
  }
  const { launch } = await import("puppeteer-core");
  await withService(async (url) => {
    const browser = await launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await page.setViewport({ width: 1100, height: 800 });
      await page.goto(url);

      await t.step("a photo", async () => {
        await choosePhoto(page, "photos/chelsea.png");
        await waitForText(page, "#status", "Egyptian cat (0.7");
        assertMatch(
          await page.$eval("#how", (element) => element.textContent!),
          /^gradcam at head_relu on \w+/,
        );
        const size = await page.$eval(
          "#heat",
          ({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight],
        );
        assertEquals(size, [451, 300]);
        assertEquals(await page.$$eval("#classes button", (buttons) => buttons.length), 5);
      });
      await t.step("another class", async () => {
        await page.click("#classes li:nth-child(2) button");
        const name = await page.$eval("#classes li:nth-child(2) span", (element) => element.textContent!);
        await waitForText(page, "#status", name);
        await page.waitForSelector('#classes li:nth-child(2) button[aria-pressed="true"]');
      });
      await t.step("another layer and colour map", async () => {
        await page.select("#layer", "block10_add");
        await waitForText(page, "#how", "block10_add");
        await page.select("#colormap", "turbo");
        await waitForText(page, "#status", "Where the network looked");
      });
      await t.step("the opacity", async () => {
        await page.$eval("#opacity", (slider) => {
          (slider as unknown as { value: string }).value = "0.75";
          slider.dispatchEvent(new Event("input"));
        });
        assertEquals(await page.evaluate("getComputedStyle(heat).opacity"), "0.75");
      });
      await t.step("a photo that browsers do not show", async () => {
        await choosePhoto(page, "images/plain.tiff");
        await page.waitForFunction(`document.getElementById("photo").naturalWidth > 0 && !result.hidden`);
        await waitForText(page, "#status", "Where the network looked");
      });
      if (problems.length === 0) {
        await t.step("a junk file", async () => {
          await choosePhoto(page, "images/index.json");
          await page.waitForSelector("#status.error");
          await waitForText(page, "#status", "Cannot decode");
          assert(await page.$eval("#result", (element) => element.hidden));
          problems.splice(0, problems.length, ...problems.filter((text) => !text.includes("422")));
        });
      }
      assertEquals(problems, []);
      const folder = Deno.env.get("GRADCAM_SCREENSHOTS"); // for people to look at
      if (folder) {
        await choosePhoto(page, "photos/chelsea.png");
        await waitForText(page, "#status", "Egyptian cat (0.7");
        await page.screenshot({ path: `${folder}/page.png`, fullPage: true });
      }
    } finally {
      await browser.close();
    }
  });
});

Deno.test("pageResponse() asks for what else goes into the model, and shows a logit's probability", async (t) => {
  const executablePath = await findBrowser();
  if (!executablePath) {
    await t.step({ name: `skipped: no browser at ${browserPaths.join(", ")}`, ignore: true, fn: () => {} });
    return;
  }
  const { launch } = await import("puppeteer-core");
  await selectBackend({ backend: "cpu" });
  const [two, unit] = [buildTwoPhotos(), buildLogitUnit(3)];
  const common = { preprocess: "unit", backend: "cpu" } as const;
  const handlers = {
    two: createHandler({ ...common, model: two }),
    unit: createHandler({ ...common, model: unit, labels: ["cat", "dog"] }),
  };
  let handler = handlers.two;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => handler(request),
  );
  const browser = await launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    await t.step("a second photo", async () => {
      await page.waitForSelector("#others input");
      const names = await page.$$eval(
        "#others input",
        (fields) => fields.map(({ name, type }) => [name, type]),
      );
      assertEquals(names, [["inputs.photo_b", "file"]]);
      await choosePhoto(page, "images/plain.png");
      await page.waitForSelector("#status.error");
      await waitForText(page, "#status", 'without its input "photo_b"');
      await choosePhoto(page, "images/palette.bmp", "#others input");
      await waitForText(page, "#status", "Where the network looked for class");
    });
    await t.step("a logit", async () => {
      handler = handlers.unit;
      await page.reload();
      await page.waitForSelector("#layer option");
      assert(await page.$eval("#others", (element) => element.hidden));
      await choosePhoto(page, "images/plain.png");
      await waitForText(page, "#status", "Where the network looked for dog: ");
      assertMatch(await waitForText(page, "#classes", "cat"), /dog\d\.\d{3} \(probability 0\.9\d\d\)cat-\d/);
      const meters = await page.$$eval("#classes meter", (meters) => meters.map(({ value }) => value));
      assert(meters[0]! > 0.9 && meters[1]! < 0.1, meters.join());
    });
  } finally {
    await browser.close();
    await server.shutdown();
    disposeWhole(two);
    unit.dispose();
  }
});
