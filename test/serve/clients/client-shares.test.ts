import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../../../src/index.ts";
import { openRaw, type RawConnection } from "../../helpers/raw-http.ts";
import { bodyOf, type Served, served } from "../../helpers/served.ts";

const A = "key-of-client-a-of-a-test";
const B = "key-of-client-b-of-a-test";

const CLIENTS = { a: { key_env: "A_KEY" }, b: { key_env: "B_KEY" } };

const test = suite("shares of clients");

function start(server: Config["server"], clients: Config["clients"] = CLIENTS): Promise<Served> {
	return served({ backends: { one: { kind: "stub" } }, server, clients } as Config, { A_KEY: A, B_KEY: B });
}

/** Sends the begin of a body that never ends. */
function unfinished({ port }: Served, bytes: number, { key = A, isChunked = false, path = "/v1/chat/completions" } = {}): RawConnection {
	const length = isChunked ? "transfer-encoding: chunked" : "content-length: 30000000";
	const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${key}\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
	const text = " ".repeat(bytes);
	return openRaw(port, head + (isChunked ? `${bytes.toString(16)}\r\n${text}\r\n` : text));
}

function chat(at: Served, key: string, bytes: number): Promise<Response> {
	const body = { model: "stub-chat", messages: [{ role: "user", content: "x".repeat(bytes) }] };
	const headers = { "x-api-key": key, "content-type": "application/json" };
	return fetch(`${at.url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Returns the answers of the connections that the server refuses: the first, and all others that came with it. */
async function refusals(connections: readonly RawConnection[]): Promise<string[]> {
	await Promise.race(connections.map(({ closed }) => closed));
	return connections.map(({ received }) => received()).filter((text) => text !== "");
}

function end(connections: readonly RawConnection[]): void {
	for (const { socket } of connections) socket.destroy();
}

for (const isChunked of [false, true]) {
	test(`the bodies of all requests are bounded in sum, ${isChunked ? "in chunks" : "with a length"}, and count until their requests end`, async () => {
		const at = await start({ max_total_body_bytes: 1_000_000 }, {});
		const connections = [1, 2, 3].map(() => unfinished(at, 400_000, { isChunked }));
		const [refused = "", ...others] = await refusals(connections);
		assert.match(refused, /^HTTP\/1\.1 503 [\s\S]*retry-after: 1[\s\S]*max_total_body_bytes/i);
		assert.equal(others, []);
		end(connections);
		let response = await chat(at, A, 700_000);
		while (response.status === 503) {
			await response.text();
			response = await chat(at, A, 700_000);
		}
		assert.is(response.status, 200);
		await response.text();
		// Requests that have ended count no more.
		for (let count = 0; count < 3; count += 1) assert.is((await chat(at, A, 700_000)).status, 200);
		await at.close();
	});
}

test("one of several clients has half of the bodies, and another one its own half", async () => {
	const at = await start({ max_total_body_bytes: 2_000_000 });
	const connections = [1, 2, 3].map((number) => unfinished(at, 400_000, { isChunked: number === 2 }));
	const [refused = "", ...others] = await refusals(connections);
	assert.equal(others, []);
	assert.match(refused, /^HTTP\/1\.1 429 /);
	assert.is((await chat(at, B, 700_000)).status, 200);
	end(connections);
	await at.close();
});

test("one of several clients has half of max_requests", async () => {
	const at = await start({ max_requests: 4 });
	const connections = [1, 2, 3].map(() => unfinished(at, 10));
	const [refused = "", ...others] = await refusals(connections);
	assert.match(refused, /^HTTP\/1\.1 429 [\s\S]*retry-after: 1/i);
	assert.equal(others, []);
	assert.is((await chat(at, B, 10)).status, 200);
	end(connections);
	await at.close();
});

test("WebSockets count in the share of a client", async () => {
	const at = await start({ max_requests: 4 });
	const upgrade =
		"connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
	const open = (key: string) => openRaw(at.port, `GET /v1/realtime HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${key}\r\n${upgrade}\r\n`);
	const first = [open(A), open(A)];
	await Promise.all(first.map(({ until }) => until(/session\.created/)));
	assert.is((await chat(at, A, 10)).status, 429);
	const third = open(A);
	assert.match(await third.closed, /^HTTP\/1\.1 429 /);
	const other = open(B);
	await other.until(/session\.created/);
	end([...first, other]);
	let status = 429;
	while (status === 429) status = (await chat(at, A, 10)).status;
	assert.is(status, 200);
	await at.close();
});

test("a single client has all of max_requests", async () => {
	const at = await start({ max_requests: 4 }, { a: { key_env: "A_KEY" } });
	const connections = [1, 2, 3].map(() => unfinished(at, 10));
	const answer = await chat(at, A, 10);
	assert.is(answer.status, 200);
	assert.ok((await bodyOf(answer)) !== undefined);
	end(connections);
	await at.close();
});

test.run();
