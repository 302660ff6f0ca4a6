/**
 * Take the pictures of the page in docs/pictures: at three widths, light and dark. It needs a browser.
 *
 *     deno task page:pictures
 */
import { loadModel } from "../mod.ts";
import { serve, waitForText } from "../src/server/page/testing.ts";
import { launchBrowser } from "../src/testing/browser.ts";

const folder = Deno.args[0] ?? new URL("../docs/pictures/", import.meta.url).pathname;
const quality = 74;

type Width = 390 | 800 | 1400;
type Scheme = "light" | "dark";

const heights: Readonly<Record<Width, number>> = { 390: 844, 800: 1000, 1400: 900 };

/** Which pictures are taken of each state. */
const wanted: Readonly<Record<string, readonly (readonly [Width, Scheme])[]>> = {
  empty: [[390, "dark"], [1400, "light"]],
  result: [[390, "light"], [390, "dark"], [800, "light"], [800, "dark"], [1400, "light"], [1400, "dark"]],
  compare: [[800, "light"], [1400, "dark"]],
};

const launched = await launchBrowser();
if ("reason" in launched) throw new Error(`Cannot take pictures: ${launched.reason}`);
const { browser } = launched;
using model = await loadModel();
try {
  await using service = serve({ model });
  const page = await browser.newPage();
  const shoot = async (state: string) => {
    for (const [width, scheme] of wanted[state]!) {
      await page.setViewport({ width, height: heights[width] });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)");
      await new Promise((resolve) => setTimeout(resolve, 500)); // until everything has come to rest
      const path = `${folder}/page-${state}-${width}-${scheme}.jpg` as const;
      await page.screenshot({ path, type: "jpeg", quality });
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
