import { colormaps } from "../../draw/colormaps/mod.ts";
import { opacities } from "../../draw/opacity.ts";
import { fileTypeOf, renderings } from "../../draw/renderings/mod.ts";
import { version } from "../../base/version.ts";
import { pageScript } from "./page_script.ts";
import { pageStyle } from "./page_style.ts";

/** The entries of a registry as the options of a chooser; names are the project's own, without markup. */
function choices(entries: readonly { readonly name: string; readonly extension?: string }[]): string {
  return entries.map(({ name, extension }) =>
    `<option${extension ? ` data-extension="${extension}"` : ""}>${name}</option>`
  ).join("");
}

/** The page. Scripts and styles run by a nonce that is new each time. */
function renderPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Where did the network look?</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${pageStyle}</style>
</head>
<body>
<header>
<h1>Where did the network look?</h1>
<p class="quiet">Choose a photo: the map shows which parts of it speak for the class that the network saw.</p>
</header>
<main>
<label class="drop" id="drop">
<input type="file" id="chooser" accept="image/*,.tif,.tiff,.avif">
<strong>Choose a photo</strong>, drop one here, or paste it
</label>
<section class="card" id="others" hidden><h2>What else goes into the model</h2></section>
<p id="status" role="status" aria-live="polite"></p>
<div class="result" id="result" hidden>
<div class="stage"><img id="photo" alt="The photo"><img id="heat" alt=""></div>
<div>
<section class="card">
<h2>What it saw <span class="quiet">(choose one to explain it)</span></h2>
<ul class="classes" id="classes"></ul>
<ul id="notes"></ul>
</section>
<section class="card">
<h2>How it is shown</h2>
<label class="field">Opacity <input type="range" id="opacity" min="0" max="1" step="0.05" value="${
    opacities[0]!.alpha
  }"></label>
<label class="field">Colours <select id="colormap">${choices(colormaps)}</select></label>
<label class="field">Layer <select id="layer"></select></label>
<p class="quiet" id="how"></p>
</section>
<section class="card save">
<select id="format" aria-label="What to save">${
    choices(renderings.map((rendering) => ({ ...rendering, ...fileTypeOf(rendering) })))
  }</select>
<button type="button" id="save">Save</button>
</section>
</div>
</div>
</main>
<footer>Grad-CAM by @xai/gradcam ${version}. Photos are sent to this server, and are not kept.</footer>
<script nonce="${nonce}" type="module">${pageScript}</script>
</body>
</html>
`;
}

/** `GET /`: a page to try it on. It loads nothing from elsewhere. */
export function pageResponse(): Response {
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
  return new Response(renderPage(nonce), {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy },
  });
}
