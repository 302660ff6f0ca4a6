/**
 * A browser for tests of what is looked at in one. It is not published.
 *
 * @module
 */
import axe from "axe-core";
import type { Browser, Page } from "puppeteer-core";

const browserPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser without a screen, or why there is none. */
export async function launchBrowser(): Promise<{ browser: Browser } | { reason: string }> {
  for (const executablePath of browserPaths) {
    if (!await Deno.stat(executablePath).then(() => true, () => false)) continue;
    const { launch } = await import("puppeteer-core");
    const args = [
      "--no-sandbox",
      "--disable-gpu",
      "--force-color-profile=srgb",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ];
    return { browser: await launch({ executablePath, args }) };
  }
  return { reason: `no browser at ${browserPaths.join(", ")}` };
}

/** What a page has complained of: errors of its script, and messages of the browser's such as of its content policy. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const isOfTests = message.text().startsWith("Canvas2D: Multiple readback"); // who look at what was drawn
    if (["error", "warn"].includes(message.type()) && !isOfTests) problems.push(message.text());
  });
  return problems;
}

/** What axe finds, in words. */
export async function findFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!await page.evaluate("typeof axe === 'object'")) await page.evaluate(axe.source);
  const only = rules ? `{ runOnly: { type: "rule", values: ${JSON.stringify(rules)} } }` : "{}";
  return await page.evaluate(`axe.run(document, ${only}).then(({ violations }) => violations.flatMap(
    ({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 150) + failureSummary)))`) as string[];
}
