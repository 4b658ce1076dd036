import { randomBytes } from "node:crypto";
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decoded } from "../../../src/transport/http/content-encoding.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { answer, type Behaviour, sse } from "../../helpers/openai-server.ts";
import { against, all, failure, post, turns } from "./fixture.ts";

const JSON_TYPE = { "content-type": "application/json" };
const TEXT = JSON.stringify({ text: "a".repeat(100_000) });

const CODINGS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
	gzip: gzipSync,
	"x-gzip": gzipSync,
	GZIP: gzipSync,
	"identity, gzip": gzipSync,
	deflate: deflateSync,
	br: brotliCompressSync,
};

for (const [coding, encode] of Object.entries(CODINGS)) {
	test(`an answer with content-encoding ${coding} is decoded, and its connection is used again`, () =>
		against(
			[answer.text(encode(Buffer.from(TEXT)), { ...JSON_TYPE, "content-encoding": coding }), answer.json(1)],
			async (client, { requests }) => {
				assert.is((await client.requestJson(post())).text, TEXT);
				await turns(5);
				await client.requestJson(post());
				assert.is(requests[0]?.clientPort, requests[1]?.clientPort);
				assert.is(requests[0]?.headers["accept-encoding"], "identity");
			},
		));
}

test("an answer in deflate without its wrapper is decoded", () =>
	against([answer.text(deflateRawSync(TEXT), { ...JSON_TYPE, "content-encoding": "deflate" })], async (client) => {
		assert.is((await client.requestJson(post())).text, TEXT);
	}));

test("the answer of a failure is decoded", () =>
	against([(response) => void response.writeHead(503, { "content-encoding": "gzip" }).end(gzipSync("busy"))], async (client) => {
		const { cause } = await failure(client.requestJson(post()));
		assert.ok(cause instanceof Error && cause.message.endsWith("status 503: busy"), String(cause));
	}));

test("an event of a compressed stream is delivered before the next is sent", () => {
	const next = Promise.withResolvers<void>();
	const slowly: Behaviour = async (response) => {
		const zip = createGzip();
		response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
		zip.pipe(response);
		zip.write(sse([1], { done: false }));
		zip.flush();
		await next.promise;
		zip.end(sse([2]));
	};
	return against([slowly], async (client) => {
		const events = client.openStream(post(), "[DONE]");
		assert.is((await events.next()).value?.data, "1");
		next.resolve();
		assert.equal(await all(events), ["2", "[DONE]"]);
	});
});

test("a reader that leaves a compressed answer closes its connection", () =>
	against([answer.stall(gzipSync(randomBytes(200_000)).subarray(0, 100_000), { "content-encoding": "gzip" })], async (client, server) => {
		const { chunks } = await client.openBytes(post(), "audio/*");
		assert.is((await chunks.next()).done, false);
		await chunks.return();
		await server.quiet();
	}));

test("an answer that is larger than the bound after decoding fails", () =>
	against(
		[gzipped(Buffer.alloc(10_000_000, "1"))],
		async (client) => {
			assert.is((await failure(client.requestJson(post()))).message, "the backend's answer is malformed: it is larger than 100000 bytes");
		},
		{ limits: { maxBodyBytes: 100_000 } },
	));

test("no more is decoded than the reader asks for", async () => {
	const bomb = Buffer.concat(Array<Buffer>(20).fill(gzipSync(Buffer.alloc(10_000_000))));
	let pulled = 0;
	async function* body() {
		for (let at = 0; at < bomb.length; at += 1000) {
			pulled += 1000;
			yield bomb.subarray(at, at + 1000);
		}
	}
	const chunks = decoded(body(), "gzip", () => {});
	const { value } = await chunks.next();
	await turns(50);
	assert.ok(value !== undefined && value.byteLength <= 65_536, String(value?.byteLength));
	assert.ok(pulled < 80_000, `${pulled} of ${bomb.length} encoded bytes were read`);
	await chunks.return();
});

test("a compressed answer that is cut, malformed or of an unknown coding fails, and an empty one is empty", () => {
	const whole = gzipSync(TEXT);
	const malformed = "the backend's answer is malformed: ";
	const cases: [Behaviour, string][] = [
		[
			answer.text(whole.subarray(0, -20), { ...JSON_TYPE, "content-encoding": "gzip" }),
			"the backend's answer ended before it was complete",
		],
		[
			answer.cutOff(whole.subarray(0, -20), { ...JSON_TYPE, "content-encoding": "gzip" }),
			"the backend's answer ended before it was complete",
		],
		[answer.text("{}", { "content-encoding": "gzip" }), `${malformed}it is not gzip data, as its content-encoding says`],
		[answer.text("{}", { "content-encoding": "br" }), `${malformed}it is not br data, as its content-encoding says`],
		// Two frames, of which Node's decoder reads the first: half of the answer would look like the whole.
		[
			answer.text(Buffer.concat(["[1", "]"].map((frame) => zstdCompressSync(frame))), { ...JSON_TYPE, "content-encoding": "zstd" }),
			`${malformed}its content-encoding (zstd) is unknown`,
		],
		[answer.text("{}", { "content-encoding": "squeeze" }), `${malformed}its content-encoding (squeeze) is unknown`],
		[answer.text("{}", { "content-encoding": "gzip, gzip" }), `${malformed}its content-encoding (gzip, gzip) is unknown`],
		[answer.text("", { ...JSON_TYPE, "content-encoding": "gzip" }), `${malformed}it is not JSON (content-type application/json)`],
	];
	return against(
		cases.map(([behaviour]) => behaviour),
		async (client) => {
			for (const [, message] of cases) assert.is((await failure(client.requestJson(post()))).message, message);
		},
	);
});

test("decoding has a cost that grows linearly", () =>
	assertLinear({
		name: "decoding",
		from: 64,
		to: 1 << 10,
		make: (size) => gzipSync(Buffer.alloc(size * 64, "ab")),
		run: async (bytes: Buffer) => {
			async function* body() {
				for (let at = 0; at < bytes.length; at += 16) yield bytes.subarray(at, at + 16);
			}
			for await (const _ of decoded(body(), "gzip", () => {}));
		},
	}));

function gzipped(bytes: Buffer): Behaviour {
	return answer.text(gzipSync(bytes), { ...JSON_TYPE, "content-encoding": "gzip" });
}

test.run();
