/** Checks of backends against servers on loopback: each fault has a line that says what is wrong and what to do. */
import { createServer } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { defineBackend } from "../../../src/backends/define-backend.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { BackendCheck, CheckOptions } from "../../../src/host/check/backend-check.ts";
import { createHost } from "../../../src/host/create-host.ts";
import { answer, type Behaviour, OpenAiServer } from "../../helpers/openai-server.ts";
import { failure } from "../../transport/http/fixture.ts";

const KEY = "check-canary-5e8d1b7a2c";
const LIST = answer.json({ object: "list", data: [{ id: "gpt-5" }, { id: "gpt-5-mini" }] });

type Table = Readonly<Record<string, unknown>>;

/** Runs the check of one backend. `URL` in `base_url` is the origin of a server that plays the script. */
async function check(
	{ script = [], ...table }: Table & { script?: readonly Behaviour[] },
	options: CheckOptions = {},
	run: (server: OpenAiServer) => void = () => {},
): Promise<BackendCheck> {
	const server = await OpenAiServer.start(...script);
	const base_url = String(table.base_url ?? "URL/v1").replace("URL", server.baseUrl.replace("/v1", ""));
	const config = { host: { log_level: "silent" }, backends: { up: { kind: "openai-compatible", ...table, base_url } } } as const;
	const host = await createHost({ config, env: { UP_KEY: KEY, OTHER_KEY: `${KEY}-2` } });
	try {
		run(server);
		const [result] = await host.checkBackends(options);
		if (result === undefined) throw new Error("no backend was checked");
		assert.not(JSON.stringify(result).includes(KEY), "the key is in no result");
		const origin = new RegExp(server.baseUrl.replace("/v1", ""), "g");
		return { ...result, message: result.message.replace(origin, "URL"), durationMs: 0 };
	} finally {
		await host.close();
		await server.close();
	}
}

/** Returns the port of a server that has just closed. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === "object" && address !== null ? address.port : 0;
}

const UP = { name: "up", kind: "openai-compatible", durationMs: 0 } as const;

test("a backend whose URL, key and models work is ok, with the models of its upstream", async () => {
	const models = [{ name: "large", upstream: "gpt-5" }, "gpt-5-mini", "gpt-5-mini:nitro", "o*"];
	assert.equal(await check({ script: [LIST], api_key_env: "UP_KEY", models }), {
		...UP,
		status: "ok",
		message: "2 models",
		models: [{ name: "gpt-5" }, { name: "gpt-5-mini" }],
	});
});

/** Faults: the backend, the server's part, and the diagnosis. */
const FAULTS: Readonly<
	Record<string, readonly [table: Table & { script?: readonly Behaviour[] }, fault: BackendCheck["fault"], message: string]>
> = {
	"a key that is not set": [{ api_key_env: ["NOT_SET", "NOR_THIS"] }, "no_key", "no key: set NOT_SET or NOR_THIS in the environment"],
	"a refused key": [
		{ api_key_env: "UP_KEY", script: [answer.status(401, { error: { message: `Incorrect API key: ${KEY}` } })] },
		"key_refused",
		"GET URL/v1/models refuses the key in UP_KEY (status 401); check its value",
	],
	"the second key of two": [
		{ api_key_env: ["UP_KEY", "OTHER_KEY"], script: [LIST, answer.status(403, {})] },
		"key_refused",
		"GET URL/v1/models refuses the key in OTHER_KEY (status 403); check its value",
	],
	"a missing key": [
		{ script: [answer.status(401, {})] },
		"key_refused",
		"GET URL/v1/models demands a key (status 401); name its variable in api_key_env",
	],
	"a wrong path": [
		{ base_url: "URL", script: [answer.status(404, "404 page not found")] },
		"wrong_url",
		"GET URL/models answers 404; check the path of base_url, such as a missing or surplus /v1 (a server without a list of models answers so too)",
	],
	"a redirect": [
		{ script: [answer.status(302, "", { location: "https://example.com/" })] },
		"wrong_url",
		"GET URL/v1/models answers 302; check the path of base_url, such as a missing or surplus /v1 (a server without a list of models answers so too)",
	],
	"a website": [
		{ script: [answer.text("<html>", { "content-type": "text/html" })] },
		"wrong_url",
		"GET URL/v1/models answers, but not as this API does: the backend's answer is malformed: it is not JSON (content-type text/html); check base_url and kind",
	],
	"a model that is not listed": [
		{ models: ["gpt-5", "gpt5-mini"], script: [LIST] },
		"model_unknown",
		'the upstream does not list "gpt5-mini"; did you mean "gpt-5-mini"?',
	],
	"no quota": [
		{ script: [answer.status(429, { error: { code: "insufficient_quota", message: "You exceeded your current quota" } })] },
		"quota",
		"the key works, but the backend has no quota left for this host: You exceeded your current quota; check plan and billing",
	],
	"a rate limit": [
		{ script: [answer.status(429, { error: { message: "Slow down" } })] },
		"rate_limited",
		"the key works, but the backend asks to slow down (status 429): Slow down; try again later",
	],
	"a server that fails": [
		{ script: [answer.status(503, { error: { message: "Down" } })] },
		"failed",
		"GET URL/v1/models: the backend failed (status 503): Down",
	],
};

for (const [name, [table, fault, message]] of Object.entries(FAULTS)) {
	test(`a check finds ${name}`, async () => {
		const { models: _, ...found } = await check(table);
		assert.equal(found, { ...UP, status: "failed", fault, message });
	});
}

test("a check finds a port without a server", async () => {
	const base_url = `http://127.0.0.1:${await closedPort()}/v1`;
	const { fault, message } = await check({ base_url });
	assert.equal(
		[fault, message],
		["unreachable", `${base_url}/models refuses connections; start the server, or check host and port of base_url`],
	);
});

test("a check finds a server without TLS behind an https URL", async () => {
	const plain = await OpenAiServer.start();
	const base_url = plain.baseUrl.replace("http:", "https:");
	const { fault, message } = await check({ base_url });
	await plain.close();
	assert.is(fault, "tls");
	assert.ok(message.startsWith(`no secure connection to ${base_url}/models (`));
	assert.match(message, /; check its certificate, http or https in base_url, and \[host\] ca_file$/);
});

test("a server that stays silent is a timeout, and its connection is closed", async () => {
	let ended: Promise<unknown> = Promise.resolve();
	const { fault, message } = await check({ script: [answer.silence()] }, { timeoutMs: 50 }, (server) => {
		ended = server.request(0).then((request) => request.ended);
	});
	assert.equal([fault, message], ["timeout", "no answer from the upstream within 50 ms; check base_url, or allow more time"]);
	assert.equal(await ended, { clientClosed: true });
});

test("an aborted check ends at once, and closes the connection", async () => {
	const server = await OpenAiServer.start(answer.silence());
	const host = await createHost({
		config: { host: { log_level: "silent" }, backends: { up: { kind: "openai-compatible", base_url: server.baseUrl } } },
	});
	const controller = new AbortController();
	const checking = host.checkBackends({ signal: controller.signal });
	const request = await server.request(0);
	controller.abort(new SpearError("cancelled", "interrupted by SIGINT"));
	assert.is((await failure(checking)).message, "interrupted by SIGINT");
	assert.equal(await request.ended, { clientClosed: true });
	await host.close();
	await server.close();
});

test("a kind with a probe is checked by it, and a cause that names a file is shown", async () => {
	let works = true;
	const cause = new Error("ENOENT: no such file: a.gguf");
	const kind = defineBackend({
		name: "own",
		create: () => ({
			operations: { embeddings: { features: [], unary: () => Promise.reject(new Error("not called")) } },
			probe: async () => {
				if (!works) throw new SpearError("backend_error", "the file of the model cannot be read", { cause });
			},
		}),
	});
	const host = await createHost({ config: { host: { log_level: "silent" }, backends: { up: { kind: "own" } } }, kinds: [kind] });
	const found = async () => (await host.checkBackends()).map(({ status, fault, message }) => [status, fault, message]);
	assert.equal(await found(), [["ok", undefined, "it works; this kind lists no models"]]);
	works = false;
	assert.equal(await found(), [["failed", "failed", "the file of the model cannot be read: ENOENT: no such file: a.gguf"]]);
	await host.close();
});

test("a server that answers the handshake of a WebSocket like any request has another API", async () => {
	const server = await OpenAiServer.start(answer.json({}));
	const host = await createHost({
		config: { host: { log_level: "silent" }, backends: { up: { kind: "openai-realtime", base_url: server.baseUrl, models: ["m"] } } },
	});
	const [found] = await host.checkBackends();
	assert.equal(
		[found?.fault, found?.message],
		["wrong_url", `GET ${server.baseUrl}/realtime answers 200 and opens no WebSocket; check base_url and kind`],
	);
	await host.close();
	await server.close();
});

test("every backend is checked by its kind, whatever the others meet, and kinds without an upstream are not", async () => {
	const server = await OpenAiServer.start(answer.json({ models: [{ name: "qwen3:latest", capabilities: ["completion"] }] }));
	const host = await createHost({
		config: {
			host: { log_level: "silent" },
			backends: {
				made: { kind: "stub" },
				local: { kind: "ollama", base_url: server.baseUrl, models: ["qwen3"] },
				keyless: { kind: "anthropic", api_key_env: "NOT_SET" },
			},
		},
		env: {},
	});
	const checks = await host.checkBackends();
	assert.equal(
		checks.map(({ name, status, message }) => [name, status, message]),
		[
			["made", "unchecked", "nothing to check: this kind has no cheap request"],
			["local", "ok", "1 model"],
			["keyless", "failed", "no key: set NOT_SET in the environment"],
		],
	);
	assert.equal(
		(await host.checkBackends({ backends: ["made"] })).map(({ name }) => name),
		["made"],
	);
	await host.close();
	await server.close();
});

test("a kind that does not notice the end of its time is reported all the same", async () => {
	const stuck = defineBackend({
		name: "stuck",
		create: () => ({ operations: {}, capabilities: {}, probe: () => new Promise(() => {}), close: async () => {} }),
	});
	const host = await createHost({ config: { host: { log_level: "silent" }, backends: { up: { kind: "stuck" } } }, kinds: [stuck] });
	const [result] = await host.checkBackends({ timeoutMs: 20 });
	assert.equal([result?.status, result?.fault], ["failed", "timeout"]);
	await host.close();
});

test.run();
