/** The report in a browser, opened from disk. Without a browser these tests are skipped. */
import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "puppeteer-core";
import { findFaults, launchBrowser, watchProblems } from "../testing/browser.ts";
import { reportHtml } from "./report.ts";
import { madeUpPictures, madeUpSummary } from "./testing.ts";

const widths = [390, 1200] as const;

/** A picture of 20 KB, as overlays of 256 pixels are, of noise that no browser has met before. */
function noise(index: number): string {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, at) => (at * 2654435761 + index * 97) >>> 7);
  return `data:image/jpeg;base64,${bytes.toBase64()}`;
}

/** A page that is opened from disk, and what it has complained of or asked for. */
async function open(
  browser: Browser,
  url: string,
  width: number,
): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  const problems = watchProblems(page);
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) problems.push(`asked for ${request.url()}`);
  });
  await page.setBypassCSP(true); // for what looks for faults
  await page.setViewport({ width, height: 900 });
  await page.goto(url);
  return { page, problems };
}

async function lookAt(browser: Browser, url: string, width: number): Promise<void> {
  const { page, problems } = await open(browser, url, width);
  const wide = await page.evaluate("document.documentElement.scrollWidth") as number;
  assertEquals(wide, width, "Nothing makes the page wider than the screen");
  await page.evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)");
  for (const [scheme, rules] of [["light", undefined], ["dark", ["color-contrast"]]] as const) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    assertEquals(await findFaults(page, rules), [], `${width} ${scheme}`);
  }
  assertEquals(problems, []);
  await page.close();
}

/** How long the page's own thread computes until all of it is there, in seconds: whatever else the machine does. */
async function loadingTime(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  const session = await page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url);
  const { metrics } = await session.send("Performance.getMetrics");
  await page.close();
  return metrics.find(({ name }) => name === "TaskDuration")!.value;
}

Deno.test("a report opens from disk, fits all screens, and axe finds nothing", async (t) => {
  const launched = await launchBrowser();
  if ("reason" in launched) {
    await t.step({ name: `skipped: ${launched.reason}`, ignore: true, fn: () => {} });
    return;
  }
  const { browser } = launched;
  const file = await Deno.makeTempFile({ prefix: "report", suffix: ".html" });
  const url = `file://${file}`;
  try {
    await t.step("in light and dark, narrow and wide", async () => {
      const summary = madeUpSummary({ methods: 2 });
      await Deno.writeTextFile(
        file,
        reportHtml(summary, madeUpPictures(summary, noise), { date: "1 May 2031" }),
      );
      for (const width of widths) await lookAt(browser, url, width);
    });
    await t.step("of 1,000 photos, all methods, 24 metrics and three layers", async () => {
      const summary = madeUpSummary({ photos: 1000, methods: 31, metrics: 24, layers: 3 });
      const html = reportHtml(summary, madeUpPictures(summary, noise));
      assert(html.length < 20_000_000, `${html.length} bytes`);
      await Deno.writeTextFile(file, html);
      const took = await loadingTime(browser, url);
      assert(took > 0 && took < 2, `It took ${took} s`);
    });
  } finally {
    await browser.close();
    await Deno.remove(file);
  }
});
