/** Holds the OpenAPI document to its standard, and all that is answered to the document. */
import { assert, assertEquals } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { HandlerOptions } from "../mod.ts";
import { routes } from "../routes/mod.ts";
import { plainPhoto, posted, type TestedService, withService } from "../testing.ts";

// deno-lint-ignore no-explicit-any -- it is read as any JSON
type Document = any;

async function documentOf({ ask }: TestedService): Promise<Document> {
  return await (await ask("/openapi.json", { headers: { authorization: "Bearer key" } })).json();
}

/** Routes that are not described: the page's, and those from before there were versions, which answer on as they did. */
const undescribed = ["/", "/explain", "/layers", "/health", "/page/{file}"];

const kinds: readonly HandlerOptions[] = [
  {},
  { tokens: ["key"], rateLimit: { perSecond: 1000 }, cors: "*", maxClasses: 3 },
];

Deno.test("describeService() keeps to OpenAPI 3.1, and describes every route", async () => {
  for (const options of kinds) {
    await withService(options, async (tested) => {
      const document = await documentOf(tested);
      const { valid, errors } = await new Validator().validate(structuredClone(document));
      assert(valid, JSON.stringify(errors));
      const described = Object.keys(document.paths);
      assertEquals(described, routes.map(({ path }) => path).filter((path) => !undescribed.includes(path)));
      for (const { path, methods } of routes.filter(({ path }) => described.includes(path))) {
        assertEquals(
          Object.keys(document.paths[path]),
          Object.keys(methods).map((method) => method.toLowerCase()),
        );
      }
    });
  }
});

Deno.test("describeService() names operations once, and refers to nothing that there is not", async () => {
  await withService(kinds[1]!, async (tested) => {
    const document = await documentOf(tested);
    const operations = Object.values<Document>(document.paths).flatMap((path) =>
      Object.values<Document>(path)
    );
    const ids = operations.map(({ operationId }) => operationId);
    assertEquals(new Set(ids).size, ids.length);
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      assert(document.components.schemas[name!], name);
    }
    assertEquals(operations.every(({ responses }) => "500" in responses), true);
    const explain = document.paths["/v1/explain"].post;
    assert("401" in explain.responses && "429" in explain.responses);
    const alive = document.paths["/healthz"].get;
    assertEquals([alive.security, "401" in alive.responses, "429" in alive.responses], [[], false, false]);
  });
});

function formOf(fields: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

const photo = new Blob([plainPhoto], { type: "image/png" });
const json = { accept: "application/json" };
const base64 = plainPhoto.toBase64();

function asJson(body: unknown): RequestInit {
  return posted({ "content-type": "application/json" }, JSON.stringify(body));
}

/** Requests of all kinds, with the statuses that they are answered with. */
const requests: readonly (readonly [path: string, init: RequestInit, status: number])[] = [
  ["/v1/explain", posted(), 200],
  ["/v1/explain", posted(json), 200],
  ["/v1/explain?format=npy", posted(), 200],
  ["/v1/explain?format=json&format=heatmap", posted(), 200],
  ["/v1/explain?format=json&format=heatmap&format=npy", posted(json), 200],
  ["/v1/explain?class=0&class=bee&format=json&relu=true", posted(), 200],
  ["/v1/explain", posted({}, formOf({ photo, format: "json" })), 200],
  ["/v1/explain?format=overlay", posted(json), 406],
  ["/v1/explain", posted({ accept: "text/html" }), 406],
  ["/v1/explain?colour=red", posted(), 400],
  ["/v1/explain?top=many", posted(), 400],
  ["/v1/explain", posted({}, formOf({ picture: photo })), 400],
  ["/v1/explain?relu=", posted(), 400],
  ["/v1/explain", posted({}, formOf({ photo, layer: "" })), 400],
  ["/v1/explain?top=many", posted({}, formOf({ photo, top: "2" })), 400],
  ["/v1/explain?model=other", posted(), 404],
  ["/v1/explain?format=png&format=jpeg", posted(), 422],
  ["/v1/explain?quality=50", posted(), 200],
  ["/v1/explain?quality=50&format=png", posted(), 422],
  ["/v1/explain?preprocess=wild", posted(), 422],
  ["/v1/explain?size=9x2049", posted(), 422],
  ["/v1/explain", asJson({ photo: base64, class: [0, "bee"], format: ["json", "jpeg"], relu: true }), 200],
  ["/v1/explain", asJson({ photo: base64, format: "webp" }), 200],
  ["/v1/explain", asJson({ photo: "AAAA" }), 422],
  ["/v1/explain", asJson({ photo: { id: crypto.randomUUID() } }), 404],
  ["/v1/explain", asJson({ photo: { url: "https://example.com/a.png" } }), 400],
  ["/v1/explain", asJson({ photo: base64, colour: "red" }), 400],
  ["/v1/explain", asJson({}), 400],
  ["/v1/explain", posted({ "content-type": "text/csv" }), 415],
  ["/v1/explain", posted({}, new Uint8Array(200_001)), 413],
  ["/v1/explain", posted({}, new Uint8Array(99)), 422],
  ["/v1/explain?class=wesp", posted(), 422],
  ["/v1/explain?class=3", posted(), 422],
  ["/v1/explain?layer=none", posted(), 422],
  ["/v1/explain?size=9", posted(), 422],
  ["/v1/models", {}, 200],
  ["/v1/models/default", {}, 200],
  ["/v1/models/other", {}, 404],
  ["/v1/models/%FF", {}, 404],
  ["/v1/models/default/layers", {}, 200],
  ["/v1/models/..%2F/layers", {}, 404],
  ["/v1/methods", {}, 200],
  ["/v1/methods", { headers: { "if-none-match": "*" } }, 304],
  ["/healthz", {}, 200],
  ["/readyz", {}, 503],
  ["/metrics", {}, 200],
  ["/openapi.json", {}, 200],
];

/** The document's schemas, but so that nothing can be answered that they do not describe. */
function withoutMore(schema: Document): Document {
  if (Array.isArray(schema)) return schema.map(withoutMore);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [name, withoutMore(value)] as const);
  return { ...schema.properties && { additionalProperties: false }, ...Object.fromEntries(entries) };
}

/** The operation that a path belongs to. */
function operationOf(document: Document, path: string, method: string): Document {
  const names = Object.keys(document.paths);
  const found = names.find((name) => new RegExp(`^${name.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path));
  return document.paths[found!][method.toLowerCase()];
}

Deno.test("describeService() describes what is answered", async (t) => {
  await withService({ maxBodyBytes: 200_000 }, async (tested) => {
    const document = await documentOf(tested);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema({ $id: "document", components: withoutMore(document.components) });
    for (const [path, init, status] of requests) {
      await t.step(`${init.method ?? "GET"} ${path} ${status}`, async () => {
        const response = await tested.ask(path, init);
        const content = await response.bytes();
        assertEquals(response.status, status, new TextDecoder().decode(content).slice(0, 300));
        const { pathname } = new URL(path, "http://localhost");
        const answer = operationOf(document, pathname, init.method ?? "GET").responses[status];
        assert(answer, "The status is described");
        const type = response.headers.get("content-type")?.split(";")[0];
        assertEquals(
          type === undefined ? undefined : Object.keys(answer.content).includes(type),
          type && true,
        );
        const schema = type && answer.content[type].schema;
        if (!schema || !type?.endsWith("json")) return;
        const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
        const isValid = ajv.validate(local, JSON.parse(new TextDecoder().decode(content)));
        assert(isValid, ajv.errorsText());
      });
    }
    await tested.service.ready(); // which /readyz has begun
    assertEquals(tested.errors, []);
  });
});
