import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import type { EvaluationSummary } from "../evaluate/summary.ts";
import { reportHtml } from "./report.ts";
import { sections } from "./sections/mod.ts";
import { madeUpPictures, madeUpSummary } from "./testing.ts";

/** A PNG of one pixel. */
const dot =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** What is read of a page, without its tags. */
function wordsOf(html: string): string {
  return html.replace(/<style>[^]*?<\/style>/, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

/** The part of a report that an anchor leads to. */
function sectionOf(html: string, id: string): string {
  const from = html.indexOf(`<section id="${id}"`);
  const to = sections.slice(sections.findIndex((section) => section.id === id) + 1)
    .map(({ id }) => html.indexOf(`<section id="${id}"`)).find((at) => at > 0);
  return from < 0 ? "" : html.slice(from, to);
}

Deno.test("reportHtml() says what the summary says", async (t) => {
  const summary = madeUpSummary();
  const html = reportHtml(summary, madeUpPictures(summary, () => dot), {
    date: "1 May 2031",
    command: "gradcam <&>",
  });
  const words = (id: string) => wordsOf(sectionOf(html, id));
  const cardOf = (title: string) => words("metrics").slice(words("metrics").indexOf(`${title} by method`));

  await t.step("every section has its anchor, its heading and its link", () => {
    for (const { id, title } of sections) {
      assert(html.includes(`<h2 id="${id}-title">${title}</h2>`), id);
      assert(html.includes(`<a href="#${id}">${title}</a>`), id);
    }
  });
  await t.step("conclusions, and what to know", () => {
    for (const conclusion of summary.conclusions) assert(words("conclusions").includes(conclusion));
    assert(
      words("conclusions").includes(
        "41 photos, 5 methods, 3 controls and 6 metrics: 328 maps in all. 1 photo",
      ),
    );
    assert(words("conclusions").includes(summary.about.warnings[0]!));
  });
  await t.step("each mean with its interval, the best first, controls after them", () => {
    const { rows, about } = summary;
    const card = cardOf("Pointing game");
    const named = rows.filter(({ metric }) => metric === "pointinggame");
    const ordered = [false, true].flatMap((control) =>
      named.filter(({ method }) => about.methods.find(({ name }) => name === method)!.control === control)
        .sort((a, b) => b.mean! - a.mean!)
    );
    const places = ordered.map(({ method, mean, interval }) => {
      const { title } = about.methods.find(({ name }) => name === method)!;
      const [low, high] = interval!.map((end) => end.toFixed(3));
      return card.indexOf(`${title} ${mean!.toFixed(3)} ${low} to ${high} 41`);
    });
    assertEquals(places, [...places].sort((a, b) => a - b));
    assert(places[0]! > 0, card);
    assert(words("metrics").includes("Chance gives 0.270"));
    assert(words("metrics").includes("39 2 without"));
  });
  await t.step("less is better of deletion, so that its least comes first", () => {
    const ofDeletion = summary.rows.filter(({ metric }) => metric === "deletion").map(({ mean }) => mean!);
    const card = cardOf("Deletion");
    assertEquals(/\d\.\d{3} (?=\d\.\d{3} to)/.exec(card)![0].trim(), Math.min(...ofDeletion).toFixed(3));
  });
  await t.step("pairs, with the better one where they are told apart", () => {
    const pair = summary.comparisons.find(({ metric, p }) => metric === "deletion" && p < 0.05)!;
    const titleOf = (name: string) => summary.about.methods.find((method) => method.name === name)!.title;
    const better = titleOf(pair.difference < 0 ? pair.first : pair.second);
    assert(
      words("comparisons").includes(
        `${titleOf(pair.first)} less ${titleOf(pair.second)} ${better} is better`,
      ),
    );
    assert(words("comparisons").includes("not told apart"));
  });
  await t.step("curves beside the random map, in words too", () => {
    const figure = sectionOf(html, "curves").split("<figure>")[1]!;
    assertEquals(figure.match(/<polyline/g)?.length, 2);
    assert(
      /aria-label="Grad-CAM: 0\.800 at 0\.000, .* Random map: 0\.800 at 0\.000/.test(figure),
      figure.slice(0, 400),
    );
  });
  await t.step("photos with what is on them", () => {
    const examples = sectionOf(html, "examples");
    assertEquals(examples.match(/<img /g)?.length, 40);
    assert(examples.includes('alt="photo 0.jpg, Egyptian cat, with the map of Grad-CAM over it"'));
  });
  await t.step("the choice, cost and origin", () => {
    assert(words("choice").includes("Grad-CAM 1.600 83 %"));
    assert(words("cost").includes("Grad-CAM 3.000 40 ms"));
    assert(words("origin").includes(summary.about.modelHash!));
    assert(sectionOf(html, "origin").includes("<code>gradcam &lt;&amp;&gt;</code>"));
    assert(words("origin").includes("Date 1 May 2031"));
  });
});

Deno.test("reportHtml() asks for nothing, runs nothing, and gives the same bytes again", () => {
  const summary = madeUpSummary();
  const html = reportHtml(summary, madeUpPictures(summary, () => dot));
  assertEquals(html, reportHtml(summary, madeUpPictures(summary, () => dot)));
  assertEquals(html.match(/<(script|link|iframe|object|embed|form|base)\b/g), null);
  assertEquals(html.match(/(https?:)?\/\/[\w.]+/g), null);
  assertEquals(
    [...html.matchAll(/ (?:src|href)="([^"]{0,12})/g)].filter(([_, url]) => !/^(#|data:image)/.test(url!)),
    [],
  );
  assert(html.includes("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\""));
});

Deno.test("reportHtml() shows names and pictures that would do harm as text, or not at all", () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\0';
  const plain = madeUpSummary({ methods: 2 });
  const summary: EvaluationSummary = JSON.parse(
    JSON.stringify(plain),
    (_, value) =>
      typeof value === "string" && value !== "higher" && value !== "lower" ? `${value}${evil}` : value,
  );
  const urls = [
    evil,
    "https://example.com/a.png",
    "data:image/svg+xml;base64,AAAA",
    `${dot}" onload="x`,
    "data:text/html,x",
  ];
  const pictures = urls.map((url, at) => ({ ...madeUpPictures(summary, () => url)[at]!, url }));
  const html = reportHtml(summary, pictures, { date: evil, command: evil });
  assertEquals(html.match(/<script|<img|\0|\u202e/g), null);
});

Deno.test("reportHtml() leaves out what a summary has nothing of", () => {
  const { about } = madeUpSummary();
  const empty: EvaluationSummary = {
    about: {
      ...about,
      photos: 0,
      maps: 0,
      metrics: [],
      methods: [],
      layers: [],
      warnings: [],
      truth: undefined,
    },
    rows: [],
    comparisons: [],
    curves: [],
    best: [],
    worst: [],
    conclusions: [],
  };
  const html = reportHtml(empty);
  assertEquals(sections.filter(({ id }) => html.includes(`id="${id}"`)).map(({ id }) => id), [
    "conclusions",
    "origin",
  ]);
});

Deno.test("reportHtml() shows numbers that are none as a dash, also of a summary that was JSON", () => {
  const summary = madeUpSummary({ methods: 2, metrics: 2 });
  const rows = summary.rows.map((row) => ({
    ...row,
    mean: undefined,
    interval: undefined,
    count: 0,
    missing: 41,
  }));
  const curves = summary.curves.map((curve) => ({ ...curve, mean: curve.mean.map(() => NaN) }));
  for (
    const given of [{ ...summary, rows, curves }, JSON.parse(JSON.stringify({ ...summary, rows, curves }))]
  ) {
    const html = reportHtml(given);
    assertFalse(
      /NaN|undefined|null|Infinity/.test(wordsOf(html)),
      wordsOf(html).match(/.{40}(NaN|undefined|null)/)?.[0],
    );
    assertFalse(/="[^"]*NaN/.test(html));
  }
});

Deno.test("reportHtml() names layers and models where there are several", () => {
  const several = madeUpSummary({ layers: 2 });
  const html = reportHtml({
    ...several,
    about: { ...several.about, models: [...several.about.models, { name: "other.onnx", hash: undefined }] },
  });
  assert(wordsOf(html).includes("Grad-CAM · block1_add · efficientnet-lite0"));
  assert(wordsOf(html).includes("Random map · efficientnet-lite0"), "A control has no layer");
});

Deno.test("reportHtml() holds no more pictures than there is room for, and no more pairs than are read", () => {
  const summary = madeUpSummary({ methods: 31 });
  const large = `data:image/webp;base64,${"A".repeat(1_000_000)}`;
  const html = reportHtml(summary, madeUpPictures(summary, () => large));
  assert(html.length < 20_000_000, `${html.length} bytes`);
  assertEquals(html.match(/<img /g)?.length, 15);
  assert(wordsOf(html).includes("405 pairs that are told apart least are left out here"));
});

Deno.test("reportHtml() refuses options that there are not", () => {
  assertThrows(() => reportHtml(madeUpSummary(), [], { dat: "x" } as never), TypeError, "did you mean date?");
});
