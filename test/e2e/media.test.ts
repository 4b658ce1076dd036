import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Agent, Config, Host } from "../../src/index.ts";
import { ask, type FamilyCommand } from "../helpers/family-guest.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { mediaComponent } from "../helpers/media-guest.ts";
import { answer, OpenAiServer, sse } from "../helpers/openai-server.ts";
import { UNASSISTED } from "../helpers/unassisted.ts";
import { FileServer, redirect, send } from "../media/file-server.ts";
import { countFiles, freshDirectory } from "../media/media-fixture.ts";

/** Media of a guest, in the store and at an upstream on a real socket. */
const test = suite<{ component: string; server: OpenAiServer }>("media");

test.before(async (context) => {
	context.component = await mediaComponent();
	context.server = await OpenAiServer.start();
});

test.after(async ({ server }) => {
	await server.close();
});

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3];
const BASE64 = Buffer.from(PNG).toString("base64");
const UNKNOWN = "reference: this guest has no such media object; it may have expired or been removed";

const SAYS = {
	id: "chatcmpl-1",
	object: "chat.completion",
	created: 1_700_000_000,
	model: "m1",
	choices: [{ index: 0, message: { role: "assistant", content: "A cat.", refusal: null }, finish_reason: "stop" }],
};

interface Setting {
	readonly host: Host;
	readonly dir: string;
	load(guest?: string): Promise<Agent>;
	/** Returns the number of files in each part of the store, after its tasks in the background have settled. */
	files(): Record<string, number>;
}

/** Runs a test with a host whose store has its own directory. */
async function withHost(
	{ component, server }: { component: string; server: OpenAiServer },
	media: Config["media"],
	run: (setting: Setting) => Promise<void>,
): Promise<void> {
	const dir = media?.dir ?? freshDirectory();
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), log_level: "silent" },
			media: { ...media, dir },
			router: UNASSISTED,
			backends: { upstream: { kind: "openai-compatible", base_url: server.baseUrl, models: ["m1"] } },
		},
	});
	try {
		await run({
			host,
			dir,
			load: (guest) => host.load(component, guest === undefined ? {} : { guest }),
			files: () => Object.fromEntries(["blobs", "objects", "tmp"].map((part) => [part, countFiles(join(dir, part))])),
		});
	} finally {
		await host.close();
	}
}

/** Returns the outcome of each command. An error is `code: message`. */
async function outcomes(agent: Agent, ...commands: FamilyCommand[]): Promise<unknown[]> {
	const instance = await agent.instantiate();
	try {
		return (await ask(instance, ...commands)).map(({ ok, err }) => (err === undefined ? ok : told(err)));
	} finally {
		await instance.close();
	}
}

function told(err: unknown): string {
	const { code, message }: { code?: unknown; message?: unknown } = { ...Object(err) };
	return `${code}: ${message}`;
}

test("a guest stores, inspects, reads and removes bytes", async (context) => {
	await withHost(context, {}, async ({ load }) => {
		const [info, stat, all, parts, removed, gone] = await outcomes(
			await load(),
			{ do: "put", bytes: { $bytes: PNG }, as: "cat" },
			{ do: "stat", reference: "cat" },
			{ do: "get", reference: "cat" },
			{ do: "read", reference: "cat", max: 4 },
			{ do: "remove", reference: "cat" },
			{ do: "get", reference: "cat" },
		);
		assert.match(
			JSON.stringify(info),
			/^\{"reference":\{"tag":"stored","val":"sms\+file:\/\/[0-9a-f]{32}"\},"size":11,"mimeType":"image\/png"/,
		);
		assert.equal(stat, info);
		assert.equal(all, PNG);
		assert.equal(parts, [4, 4, 3]);
		assert.is(removed, "removed");
		assert.is(gone, `not-permitted: ${UNKNOWN}`);
	});
});

test("a stored image is sent to the upstream with its detected media type", async (context) => {
	await withHost(context, {}, async ({ load }) => {
		context.server.script(answer.json(SAYS));
		const [, said] = await outcomes(await load(), { do: "put", bytes: { $bytes: PNG }, as: "cat" }, { do: "look", reference: "cat" });
		assert.is(said, "A cat.");
		assert.equal(context.server.requests.at(-1)?.json(), {
			model: "m1",
			messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${BASE64}` } }] }],
		});
	});
});

test("a reference of another guest, a guess and a path are refused", async (context) => {
	await withHost(context, {}, async ({ load }) => {
		const [first, second] = [await load(), await load()];
		const [info] = await outcomes(first, { do: "put", bytes: { $bytes: PNG }, as: "cat" });
		const { reference, sha256 }: { reference?: unknown; sha256?: unknown } = { ...Object(info) };
		const stored = (val: string): { tag: "stored"; val: string } => ({ tag: "stored", val });
		const before = context.server.requests.length;
		const refused = await outcomes(
			second,
			{ do: "get", reference },
			{ do: "stat", reference },
			{ do: "remove", reference },
			{ do: "read", reference, max: 10 },
			{ do: "look", reference },
			{ do: "get", reference: stored(`sms+file://${"0".repeat(32)}`) },
			{ do: "get", reference: stored(`sms+file://${sha256}`) },
			{ do: "get", reference: stored("sms+file://../../../etc/passwd") },
			{ do: "look", reference: stored("sms+file://..%2f..%2fetc%2fpasswd") },
		);
		const malformed = "must be a reference that the media store returned, sms+file://<id>";
		assert.equal(refused, [
			...Array.from({ length: 4 }, () => `not-permitted: ${UNKNOWN}`),
			`not-permitted: messages[0].content[0].image.source: ${UNKNOWN.slice("reference: ".length)}`,
			`not-permitted: ${UNKNOWN}`,
			`invalid-request: reference: ${malformed}`,
			`invalid-request: reference: ${malformed}`,
			`invalid-request: messages[0].content[0].image.source: ${malformed}`,
		]);
		assert.is(context.server.requests.length, before);
		// Another instance of the same agent is the same guest.
		assert.equal(await outcomes(first, { do: "get", reference }), [PNG]);
	});
});

test("agents of one name share their media, also after a restart, and agents without a name leave none", async (context) => {
	const dir = freshDirectory();
	let reference: unknown;
	await withHost(context, { dir }, async ({ load }) => {
		await outcomes(await load(), { do: "put", length: 500, as: "mine" });
		const [info] = await outcomes(await load("alice"), { do: "put", bytes: { $bytes: PNG }, as: "cat" });
		reference = Reflect.get(Object(info), "reference");
		assert.equal(await outcomes(await load("alice"), { do: "get", reference }), [PNG]);
	});
	await withHost(context, { dir }, async ({ load, files }) => {
		assert.equal(files(), { blobs: 1, objects: 1, tmp: 0 });
		assert.equal(await outcomes(await load("alice"), { do: "get", reference }), [PNG]);
		assert.equal(await outcomes(await load("bob"), { do: "get", reference }), [`not-permitted: ${UNKNOWN}`]);
	});
});

test("sizes and quota are exact, and the quota is released when an object is removed", async (context) => {
	await withHost(context, { max_bytes: 1000, quota_bytes: 1500, max_call_bytes: 600 }, async ({ load }) => {
		const tooLarge = "invalid-request: the object is larger than 1000 bytes, the host's limit for one object (max_bytes)";
		const seen = await outcomes(
			await load(),
			{ do: "put", length: 1001, as: "a" },
			{ do: "write", parts: [600, 401], as: "a" },
			{ do: "write", parts: [600, 400], as: "a" },
			{ do: "get", reference: "a" },
			{ do: "put", length: 501, as: "b" },
			{ do: "put", length: 500, as: "b" },
			{ do: "remove", reference: "a" },
			{ do: "put", length: 1000, as: "a" },
			{ do: "look", inline: 601 },
		);
		assert.equal(
			seen.map((outcome) => (typeof outcome === "string" ? outcome : Reflect.get(Object(outcome), "size"))),
			[
				tooLarge,
				tooLarge,
				1000,
				"invalid-request: reference: the object has 1000 bytes, one call returns at most 600 (max_call_bytes); use a reader",
				"not-permitted: the media quota of this guest is 1500 bytes (quota_bytes), of which 1000 are used: 501 more do not fit; remove objects that are no longer needed",
				500,
				"removed",
				1000,
				"invalid-request: messages[0].content[0].image.source.inline.data: 601 bytes, a request carries at most 600 inline (max_call_bytes); put them into the media store and pass the reference",
			],
		);
	});
});

test("no file is left of a dropped writer, an open writer or the inline bytes of a call", async (context) => {
	const { server } = context;
	const dir = freshDirectory();
	await withHost(context, { dir }, async ({ load }) => {
		const agent = await load("alice");
		server.script(answer.json(SAYS), answer.status(500, { error: { message: "Oops" } }), answer.silence());
		const seen = await outcomes(
			agent,
			{ do: "write", parts: [100_000, 100_000], end: "dropped" },
			{ do: "write", parts: [100_000], end: "left open" },
			{ do: "look", inline: 5000 },
			{ do: "look", inline: 5000 },
			{ do: "look", inline: 5000, timeoutMs: 50 },
		);
		assert.equal(seen.slice(0, 3), ["dropped", "left open", "A cat."]);
		assert.match(String(seen[3]), /^backend-error: /);
		assert.match(String(seen[4]), /^timeout: /);
		const begun = sse([{ id: "c", model: "m1", choices: [{ index: 0, delta: { content: "A" }, finish_reason: null }] }], { done: false });
		const ends = sse([{ id: "c", model: "m1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }]);
		server.script(answer.stream(Buffer.concat([begun, ends])), answer.stall(begun), answer.cutOff(begun));
		assert.equal(await outcomes(agent, ...[false, true, false].map((drop) => ({ do: "watch", inline: 5000, drop }))), [
			["text", "completed"],
			["text"],
			["text", "failed"],
		]);
		const abort = new AbortController();
		const instance = await agent.instantiate({ signal: abort.signal });
		server.script(answer.silence());
		const count = server.requests.length;
		const run = Promise.allSettled([ask(instance, { do: "write", parts: [10], end: "left open" }, { do: "look", inline: 5000 })]);
		await server.request(count);
		abort.abort();
		assert.is((await run)[0].status, "rejected");
		await instance.close();
		// The quota is released before the host closes.
		while (countFiles(join(dir, "tmp")) + countFiles(join(dir, "blobs")) > 0) await new Promise(setImmediate);
	});
	assert.is(countFiles(dir), 0);
});

test("a URL is passed to the upstream only for an allowed host, and the host never fetches from a private address", async (context) => {
	const { server } = context;
	const files = await FileServer.start({
		"/word.mp3": send(Uint8Array.from(PNG), { "content-type": "audio/mpeg" }),
		"/loopback": redirect("http://127.0.0.1:1/secret"),
	});
	const url = (val: string): { tag: "url"; val: string } => ({ tag: "url", val: val.replace(":0", `:${files.port}`) });
	await withHost(context, { allowed_hosts: ["cdn.example.com", "127.0.0.1:*", "localhost:*"] }, async ({ load }) => {
		server.script(answer.json(SAYS));
		const before = server.requests.length;
		const seen = await outcomes(
			await load(),
			{ do: "look", reference: url("https://cdn.example.com/cat.png") },
			{ do: "look", reference: url("https://other.example/cat.png") },
			...["http://127.0.0.1:0/word.mp3", "http://localhost:0/word.mp3"].map((val) => ({ do: "listen", reference: url(val) })),
			...["http://2130706433:0/", "http://0x7f.1:0/", "file:///etc/passwd"].map((val) => ({ do: "listen", reference: url(val) })),
		);
		const path = "messages[0].content[0].audio.source";
		const notPrivate = `not-permitted: ${path}: leads to an address that guests may not use`;
		assert.equal(seen, [
			"A cat.",
			"not-permitted: messages[0].content[0].image.source: this host does not allow URLs of that site; its operator can allow them with [media] allowed_hosts",
			notPrivate,
			notPrivate,
			notPrivate,
			notPrivate,
			`invalid-request: ${path}: only http and https URLs can be used`,
		]);
		assert.is(server.requests.length, before + 1);
		assert.match(server.requests.at(-1)?.body ?? "", '"url":"https://cdn.example.com/cat.png"');
		assert.equal(files.connectedTo, []);
	});
	await withHost(context, { allowed_hosts: ["localhost:*"], allow_private_addresses: true }, async ({ load }) => {
		server.script(answer.json(SAYS));
		const [said, redirected] = await outcomes(
			await load(),
			{ do: "listen", reference: url("http://localhost:0/word.mp3") },
			{ do: "listen", reference: url("http://localhost:0/loopback") },
		);
		assert.is(said, "A cat.");
		assert.match(server.requests.at(-1)?.body ?? "", `"input_audio":{"data":"${BASE64}","format":"mp3"}`);
		assert.match(String(redirected), /^not-permitted: reference: this host does not allow URLs of that site/);
	});
	await files.quiet();
	await files.close();
});

test.run();
