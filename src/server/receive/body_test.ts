import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { answerOn, begin, post, receive, send, until, utf8, withReceivingServer } from "./testing.ts";

const chunked = ["Transfer-Encoding: chunked", "Connection: close"];

Deno.test("receiveBody() takes no more memory for chunks of one byte than for large ones", async () => {
  await withReceivingServer({}, async ({ port, service }) => {
    const { rss } = Deno.memoryUsage();
    let most = 0;
    const connection = await begin(port, chunked);
    const chunks = utf8("1\r\na\r\n".repeat(1000));
    for (let sent = 0; sent < 40; sent++) {
      await send(connection, chunks);
      most = Math.max(most, Deno.memoryUsage().rss - rss);
    }
    await until(() => service.receiving.state.bytes > 2 ** 15);
    assertEquals(service.receiving.state.bytes, 2 ** 16); // for 40,000 bytes
    await send(connection, utf8("0\r\n\r\n"));
    assertStringIncludes(await answerOn(connection), "\r\n\r\n40000");
    assert(most < 150e6, `${most} bytes more`); // with a buffer for each chunk they were 390 MB
    assertEquals(service.receiving.state, { receiving: 0, bytes: 0 });
  });
});

Deno.test("receiveBody() cuts those off that send too slowly, and answers others meanwhile", async () => {
  await withReceivingServer({ bodyTimeoutMs: 1500 }, async ({ port, service }) => {
    const slow = await Promise.all(Array.from({ length: 9 }, () => begin(port, ["Content-Length: 100000"])));
    const drip = setInterval(
      () => slow.forEach((connection) => void connection.write(utf8("a")).catch(() => {})),
      50,
    );
    await until(() => service.receiving.state.receiving === 9);
    const start = performance.now();
    const url = `http://127.0.0.1:${port}/explain`;
    const others = await Promise.all(
      Array.from({ length: 9 }, async () => {
        const response = await fetch(url, { method: "POST", body: new Uint8Array(5000) });
        return await response.text();
      }),
    );
    assertEquals(others, Array(9).fill("5000"));
    assert(performance.now() - start < 1000, "Others did not wait");
    assertEquals(service.receiving.state.receiving, 9);
    const answers = await Promise.all(slow.map(answerOn));
    clearInterval(drip);
    for (const answer of answers) {
      assertStringIncludes(answer, "HTTP/1.1 408 Request Timeout");
      assertStringIncludes(answer, "The request came too slowly: it has to arrive within 1500 ms");
      assertStringIncludes(answer, '"code":"too-slow"');
    }
    assertEquals(service.receiving.state, { receiving: 0, bytes: 0 });
  });
});

Deno.test("receiveBody() frees what a sender who leaves has sent", async () => {
  await withReceivingServer({}, async ({ port, service, outcomes }) => {
    const senders = await Promise.all(
      Array.from({ length: 5 }, () => begin(port, ["Content-Length: 1000000"])),
    );
    for (const sender of senders) await send(sender, new Uint8Array(300_000));
    await until(() => service.receiving.state.bytes > 1_500_000);
    for (const sender of senders) sender.close();
    await until(() => outcomes.length === 5);
    assert(outcomes.every((outcome) => outcome === 499 || outcome === 400), `${outcomes}`);
    assertEquals(service.receiving.state, { receiving: 0, bytes: 0 });
  });
});

Deno.test("receiveBody() reserves memory as bytes come, whatever is declared", async () => {
  await withReceivingServer({}, async ({ port, service }) => {
    const connection = await begin(port, ["Content-Length: 20000000"]);
    await send(connection, new Uint8Array(1000));
    await until(() => service.receiving.state.bytes > 0);
    assertEquals(service.receiving.state.bytes, 2 ** 14);
    connection.close();
    await until(() => service.receiving.state.receiving === 0);
  });
});

Deno.test("receiveBody() refuses a declared length above the limit before it reads", async () => {
  await withReceivingServer({ maxBodyBytes: 1000 }, async ({ port }) => {
    const connection = await begin(port, ["Content-Length: 1001"]); // and nothing of it comes
    assertStringIncludes(await answerOn(connection), "HTTP/1.1 413");
  });
});

Deno.test("receiveBody() bounds how many bodies are received at a time, and their bytes", async () => {
  const options = { maxReceiving: 2, maxReceivingBytes: 2 ** 18 };
  await withReceivingServer(options, async ({ port, service }) => {
    const url = `http://127.0.0.1:${port}/explain`;
    const ask = async (length: number) => {
      const response = await fetch(url, { method: "POST", body: new Uint8Array(length) });
      const text = await response.text();
      return response.ok
        ? text
        : [response.status, response.headers.get("retry-after"), JSON.parse(text).code];
    };
    assertEquals(await ask(100_000), "100000");
    assertEquals(await ask(300_000), [503, "1", "receiving-full"]);
    const waiting = await Promise.all([1, 2].map(() => begin(port, ["Content-Length: 10"])));
    await until(() => service.receiving.state.receiving === 2);
    assertEquals(await ask(10), [503, "1", "receiving-full"]);
    for (const connection of waiting) connection.close();
    await until(() => service.receiving.state.receiving === 0);
    assertEquals(await ask(10), "10");
  });
});

Deno.test("receiveUpload() refuses packed bodies", async () => {
  for (const encoding of ["gzip", "br", "gzip, gzip", "GZIP", "x".repeat(1000)]) {
    const request = new Request("http://localhost/", {
      method: "POST",
      body: new Uint8Array(9),
      headers: { "content-encoding": encoding },
    });
    const refused = await receive(request);
    assert("detail" in refused);
    assertEquals([refused.status, refused.detail.length < 200], [415, true]);
    assertStringIncludes(refused.detail, "without content-encoding");
  }
  const request = new Request("http://localhost/", {
    method: "POST",
    body: new Uint8Array(9),
    headers: { "content-encoding": "identity" },
  });
  assertEquals((await receive(request)).status, 200);
});

Deno.test("receiveUpload() cuts a stream off that has no end", async () => {
  let chunks = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks++;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  const refused = await receive(post(endless, "image/png"), { maxBodyBytes: 10_000 });
  assertEquals(refused.status, 413);
  assert(chunks < 20);
});
