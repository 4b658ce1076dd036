import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ReadableStream } from "node:stream/web";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const test = suite("hono");

const globals = [globalThis.Request, globalThis.Response];
const descriptors = ["Request", "Response"].map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
const { getRequestListener, LightResponse } = await import("../../src/serve/hono.ts");

/** Sends a request to a listener that answers with the response. */
async function sent(response: () => Response): Promise<Response> {
	const server = createServer(getRequestListener(response, { overrideGlobalObjects: false })).listen(0, "127.0.0.1");
	await once(server, "listening");
	const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	server.close();
	return answer;
}

test("the classes of the process stay as they are", () => {
	assert.equal([globalThis.Request, globalThis.Response], globals);
	assert.equal(
		["Request", "Response"].map((name) => Object.getOwnPropertyDescriptor(globalThis, name)),
		descriptors,
	);
	assert.is.not(LightResponse, globalThis.Response);
});

test("a light response is a Response, with all that one has", async () => {
	const response = LightResponse.json({ a: 1 }, { status: 201, headers: { "x-name": "value" } });
	assert.instance(response, Response);
	response.headers.set("x-later", "too");
	assert.is(response.status, 201);
	assert.is(response.headers.get("content-type"), "application/json");
	const native = new Response(response.body, response);
	assert.equal(await native.json(), { a: 1 });
	assert.equal([native.headers.get("x-name"), native.headers.get("x-later")], ["value", "too"]);
});

test("a listener sends a light response whole, with its length", async () => {
	const answer = await sent(() => LightResponse.json({ text: "für" }, { headers: { "x-name": "value" } }));
	assert.equal(await answer.clone().json(), { text: "für" });
	assert.is(answer.headers.get("content-length"), String(Buffer.byteLength('{"text":"für"}')));
	assert.is(answer.headers.get("x-name"), "value");
});

test("a listener sends the first piece of a light stream at once, before there is another", async () => {
	const { promise: more, resolve } = Promise.withResolvers<void>();
	const pieces = ["one", "two"];
	const body = new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const piece = pieces.shift();
				if (piece === "two") await more;
				if (piece === undefined) controller.close();
				else controller.enqueue(Buffer.from(piece));
			},
		},
		{ highWaterMark: 0 },
	);
	const answer = await sent(() => new LightResponse(body));
	const reader = answer.body?.getReader();
	const decoder = new TextDecoder();
	assert.is(decoder.decode((await reader?.read())?.value), "one");
	resolve();
	assert.is(decoder.decode((await reader?.read())?.value), "two");
	assert.is((await reader?.read())?.done, true);
});

test.run();
