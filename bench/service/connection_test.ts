/** The load generator's connection against servers that send what a test tells them to. */
import { assertEquals, assertRejects } from "@std/assert";
import { Connection, requestBytes } from "./connection.ts";

const text = (value: string) => new TextEncoder().encode(value);
const url = "http://127.0.0.1/explain?class=3";
const request = requestBytes(url, { body: text("photo"), type: "image/png" });

/** Serve connections one after the other, each as the test tells. */
async function withServer(
  serve: (socket: Deno.TcpConn, index: number) => Promise<void>,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    let index = 0;
    for await (const socket of listener) {
      await serve(socket, index++);
      socket.close();
    }
  })();
  const connection = new Connection(`http://127.0.0.1:${listener.addr.port}/`);
  try {
    await use(connection);
  } finally {
    connection.close();
    listener.close();
    await serving;
  }
}

/** Take one request. */
async function take(socket: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let length = 0;
  while (length < request.length) length += await socket.read(buffer.subarray(length)) ?? Infinity;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

const answer = (body: string, more = "") =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nGradcam-Class: 7\r\n${more}\r\n${body}`;

Deno.test("requestBytes() is a request with the photo as its body", () => {
  const [head, body] = new TextDecoder().decode(request).split("\r\n\r\n");
  const lines = head!.split("\r\n");
  assertEquals([lines[0], body], ["POST /explain?class=3 HTTP/1.1", "photo"]);
  for (const line of ["content-type: image/png", "content-length: 5", "host: 127.0.0.1"]) {
    assertEquals(lines.filter((each) => each === line).length, 1, line);
  }
});

Deno.test("Connection takes answers whole, however they are cut into pieces", async (t) => {
  const body = "0123456789".repeat(10);
  for (const piece of [1, 7, 60, 10_000]) {
    await t.step(`${piece} bytes`, async () => {
      await withServer(async (socket) => {
        socket.setNoDelay();
        for (let count = 0; count < 2; count++) {
          assertEquals((await take(socket)).endsWith("photo"), true);
          const bytes = text(answer(body));
          for (let at = 0; at < bytes.length; at += piece) await socket.write(bytes.subarray(at, at + piece));
        }
      }, async (connection) => {
        for (let count = 0; count < 2; count++) {
          const { status, headers, start } = await connection.send(request);
          assertEquals([status, headers.get("gradcam-class"), new TextDecoder().decode(start)], [
            200,
            "7",
            body.slice(0, 32),
          ]);
        }
      });
    });
  }
});

Deno.test("Connection is opened anew where the server has closed it, told or untold", async (t) => {
  for (const more of ["", "Connection: close\r\n"]) {
    await t.step(more || "untold", async () => {
      let opened = 0;
      await withServer(async (socket) => {
        opened++;
        await take(socket);
        await socket.write(text(answer("x", more)));
      }, async (connection) => {
        for (let count = 0; count < 3; count++) assertEquals((await connection.send(request)).status, 200);
      });
      assertEquals(opened, 3);
    });
  }
});

Deno.test("Connection tells what is lost or no answer", async (t) => {
  const cases = [
    ["", "closed before an answer"],
    ["HTTP/1.1 200 OK\r\n", "cut short"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123", "cut short: 3 of 5 bytes"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n123", "1 bytes too many"],
    ["HTTP/1.1 200 OK\r\n\r\n123", "does not say how long it is"],
    ["SSH-2.0-server\r\n\r\n", 'begins with "SSH-2.0-server"'],
  ] as const;
  for (const [sent, message] of cases) {
    await t.step(message, async () => {
      await withServer(async (socket) => {
        await take(socket);
        await socket.write(text(sent));
      }, (connection) => assertRejects(() => connection.send(request), Error, message).then(() => {}));
    });
  }
});
