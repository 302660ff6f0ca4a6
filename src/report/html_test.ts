import { assertEquals } from "@std/assert";
import { escapeHtml, html, Markup, nameText } from "./html.ts";

Deno.test("html escapes what stands in a template, unless it is markup", () => {
  const { text } = html`<p title="${`"'`}">${"<b>&"}${7}${undefined}${[html`<i>${">"}</i>`, "x"]}</p>`;
  assertEquals(text, '<p title="&quot;&#39;">&lt;b&gt;&amp;7<i>&gt;</i>x</p>');
  assertEquals(html`${new Markup("<br>")}`.text, "<br>");
});

Deno.test("escapeHtml() leaves no character that HTML forbids or that turns a line around", () => {
  assertEquals(escapeHtml("a\0b\x1bc\td\ne\u202e"), "a\ufffdb\ufffdc\td\ne\ufffd");
});

Deno.test("nameText() shows names that would turn a line around, and cuts long ones", () => {
  assertEquals(nameText("a\u202eb"), "a\\u202eb");
  assertEquals(nameText("x".repeat(500)).length, 90);
});
