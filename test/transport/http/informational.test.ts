import { test } from "uvu";
import * as assert from "uvu/assert";
import { ContinueFilter } from "../../../src/transport/http/informational.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { answer, type Behaviour } from "../../helpers/openai-server.ts";
import { against, all, post, turns } from "./fixture.ts";

/** Sends these texts, each by itself, and leaves the connection open. */
const pieces =
	(...texts: readonly string[]): Behaviour =>
	async ({ socket }) => {
		socket?.setNoDelay(true);
		for (const text of texts) await new Promise<void>((resolve) => void socket?.write(text, () => resolve()));
	};

const FINAL = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}';

/** Informational responses that arrive before the final one. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
	"100 Continue": [`HTTP/1.1 100 Continue\r\n\r\n${FINAL}`],
	"100 without a reason": [`HTTP/1.1 100 \r\n\r\n${FINAL}`],
	"100 with headers": [`HTTP/1.1 100 Continue\r\nserver: x\r\nconnection: keep-alive\r\n\r\n`, FINAL],
	"100 in pieces": [..."HTTP/1.1 100 Continue\r\n\r\n", ...FINAL],
	"several of 100, 102 and 103": [
		"HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n",
		`HTTP/1.1 100 Continue\r\n\r\n${FINAL}`,
	],
};

for (const [name, texts] of Object.entries(BEFORE)) {
	test(`an unsolicited informational response does no harm: ${name}`, () =>
		against([pieces(...texts)], async (client) => {
			assert.equal((await client.requestJson(post())).value, { a: 1 });
		}));
}

test("a connection with unsolicited informational responses is used again", () => {
	const informed: Behaviour = (response, request) => {
		response.writeContinue();
		response.writeProcessing();
		response.writeEarlyHints({ link: "</x>; rel=preload" });
		return answer.json({ a: 1 })(response, request);
	};
	return against([informed, informed, informed], async (client, { requests }) => {
		for (let call = 0; call < 3; call++) {
			assert.equal((await client.requestJson(post())).value, { a: 1 });
			await turns(3); // undici uses a connection again only after a turn of the loop.
		}
		assert.is(new Set(requests.map(({ clientPort }) => clientPort)).size, 1);
	});
});

test("an unsolicited 100 Continue does no harm to an upload", () =>
	against([pieces(`HTTP/1.1 100 Continue\r\n\r\n${FINAL}`)], async (client, { requests }) => {
		async function* content() {
			yield Buffer.from("POST /not-a-request");
		}
		const file = { name: "file", filename: "a", contentType: "text/plain", content };
		assert.equal((await client.requestJson(post({ multipart: [file] }))).value, { a: 1 });
		assert.match(requests[0]?.body ?? "", "POST /not-a-request");
	}));

test("a body that looks like an informational response is not changed", () => {
	const body = "HTTP/1.1 100 Continue\r\n\r\n";
	const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${6 + body.length}\r\n\r\n`;
	return against([pieces("HTTP/1.1 100 Continue\r\n\r\n", head, "data: ", body)], async (client) => {
		assert.equal(await all(client.openStream(post())), ["HTTP/1.1 100 Continue"]);
	});
});

test("only the status 100 is renamed, wherever the bytes are cut", () => {
	const text = "HTTP/1.0 100 A\nb: 100\n\nHTTP/1.1 103 B\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 C\r\n\r\n";
	const expected = "HTTP/1.0 102 A\nb: 100\n\nHTTP/1.1 103 B\r\n\r\nHTTP/1.1 102\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 C\r\n\r\n";
	for (let size = 1; size < 20; size++) {
		const filter = new ContinueFilter();
		filter.begin();
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; at += size) filter.rename(bytes.subarray(at, at + size));
		assert.is(bytes.toString(), expected, `chunks of ${size}`);
	}
});

test("the filter of informational responses has a cost that grows linearly", () =>
	assertLinear({
		name: "informational responses",
		make: (size) => Buffer.from("HTTP/1.1 100 Continue\r\n\r\n".repeat(size)),
		run: (bytes: Buffer) => {
			const filter = new ContinueFilter();
			filter.begin();
			filter.rename(Buffer.from(bytes));
		},
	}));

test.run();
