/**
 * Take the pictures of the page in docs/pictures: at three widths, light and dark. It needs a browser.
 *
 *     deno task page:pictures
 */
import { loadModel } from "../mod.ts";
import { launchBrowser, serve, waitForText } from "../src/server/page/testing.ts";

const folder = Deno.args[0] ?? new URL("../docs/pictures/", import.meta.url).pathname;
const quality = 78;

const sizes = [[390, 844], [800, 1000], [1400, 900]] as const;
const schemes = ["light", "dark"] as const;

const launched = await launchBrowser();
if ("reason" in launched) throw new Error(`Cannot take pictures: ${launched.reason}`);
const { browser } = launched;
using model = await loadModel();
try {
  await using service = serve({ model });
  const page = await browser.newPage();
  const shoot = async (state: string) => {
    for (const [width, height] of sizes) {
      for (const scheme of schemes) {
        await page.setViewport({ width, height });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)");
        await new Promise((resolve) => setTimeout(resolve, 500)); // until everything has come to rest
        const path = `${folder}/page-${state}-${width}-${scheme}.jpg` as const;
        await page.screenshot({ path, type: "jpeg", quality });
      }
    }
  };
  await page.goto(service.url);
  await page.waitForSelector(".example");
  await shoot("empty");
  await page.click(".example");
  await waitForText(page, "#status", "Egyptian cat");
  await shoot("result");
  await page.click('[name=compare][value="layer"]');
  await page.waitForSelector("figure:nth-child(2) .map");
  await shoot("compare");
} finally {
  await browser.close();
}
