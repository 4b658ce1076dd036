import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost } from "../../../src/index.ts";
import { Clients, presentedKey } from "../../../src/serve/clients/clients.ts";
import { answer, OpenAiServer } from "../../helpers/openai-server.ts";
import { served } from "../../helpers/served.ts";

const ENV = { ONE: "the-key-of-client-one", TWO: "the-key-of-client-two" };

const test = suite("clients");

function keyed(key: string): Headers {
	return new Headers({ authorization: `Bearer ${key}` });
}

async function clientsOf(config: Config["clients"]): Promise<{ clients: Clients; close(): Promise<void> }> {
	const host = await createHost({ config: { clients: config ?? {}, host: { log_level: "silent" } }, env: ENV });
	return { clients: new Clients(host, host.serving()), close: () => host.close() };
}

function failure(act: () => unknown): string {
	try {
		act();
	} catch (thrown) {
		const { status, param, message } = Object(thrown);
		return `${status} ${param} ${message}`;
	}
	return "none";
}

test("a key is read as clients of OpenAI, Anthropic and Azure send it", () => {
	const cases: [headers: Record<string, string>, key: string | undefined][] = [
		[{ authorization: "Bearer k" }, "k"],
		[{ authorization: "bearer   k  " }, "k"],
		[{ authorization: "Basic azo=" }, undefined],
		[{ authorization: "Bearer " }, undefined],
		[{ authorization: "k" }, undefined],
		[{ "x-api-key": "k" }, "k"],
		[{ "api-key": "k" }, "k"],
		[{ authorization: "Bearer one", "x-api-key": "two" }, "one"],
		[{}, undefined],
	];
	for (const [headers, key] of cases) assert.is(presentedKey(new Headers(headers)), key, JSON.stringify(headers));
});

test("a client is known by its key, also by the digest of the key alone", async () => {
	const sha256 = createHash("sha256").update("a key that the server never holds").digest("hex");
	const { clients, close } = await clientsOf({ one: { key_env: "ONE" }, two: { key_sha256: sha256.toUpperCase(), guest: "other" } });
	assert.is(clients.identify(keyed(ENV.ONE)).name, "one");
	const two = clients.identify(keyed("a key that the server never holds"));
	assert.equal([two.name, two.guest], ["two", "other"]);
	assert.match(
		failure(() => clients.identify(new Headers())),
		/^401 /,
	);
	assert.match(
		failure(() => clients.identify(keyed("wrong"))),
		/^401 undefined the key is not known$/,
	);
	assert.match(
		failure(() => clients.identify(keyed(sha256))),
		/^401 /,
	);
	await close();
});

test("a client without a usable key leaves the server closed to it, and open to none", async () => {
	const { clients, close } = await clientsOf({ absent: { key_env: "ABSENT" } });
	assert.ok(clients.areKeysNeeded);
	assert.match(
		failure(() => clients.identify(keyed(""))),
		/^401 /,
	);
	assert.match(
		failure(() => clients.identify(keyed("undefined"))),
		/^401 /,
	);
	await close();
});

test("a client that is limited to operations or models runs no agent that it does not name", async () => {
	const limits = [{ operations: ["embeddings"] }, { models: ["a"] }, { operations: ["embeddings"], agents: ["clerk"] }, {}];
	const env = Object.fromEntries(limits.map((_, index) => [`KEY_${index}`, `a-key-of-a-test-${index}`]));
	const clients = Object.fromEntries(limits.map((limit, index) => [`c${index}`, { key_env: `KEY_${index}`, ...limit }]));
	const host = await createHost({
		config: { agents: { clerk: { component: "/absent.wasm" } }, clients, host: { log_level: "silent" } } as Config,
		env,
	});
	const known = new Clients(host, host.serving());
	assert.equal(
		limits.map((_, index) => known.identifyKey(`a-key-of-a-test-${index}`).mayRun("clerk")),
		[false, false, true, true],
	);
	known.close();
	await host.close();
});

test("scopes name operations, models and agents", async () => {
	const { clients, close } = await clientsOf({
		one: { key_env: "ONE", operations: ["embeddings"], models: ["a", "b-*"] },
		two: { key_env: "TWO", models: [] },
	});
	const one = clients.identify(keyed(ENV.ONE));
	assert.is(
		failure(() => one.check("embeddings", "a")),
		"none",
	);
	assert.is(
		failure(() => one.check("embeddings", "b-1")),
		"none",
	);
	assert.match(
		failure(() => one.check("embeddings", "ab")),
		/^403 model this key may not use the model 'ab'; it may use a, b-\*$/,
	);
	assert.match(
		failure(() => one.check("embeddings", undefined)),
		/^403 model .*name one: a, b-\*$/,
	);
	assert.match(
		failure(() => one.check("chat_completions", "a")),
		/^403 undefined this key may not use chat_completions; it may use embeddings$/,
	);
	assert.equal(
		[one.mayUse("embeddings"), one.mayUse("chat_completions"), one.mayUseModel("b-2"), one.mayUseModel("c")],
		[true, false, true, false],
	);
	assert.not.ok(one.mayRun("anything"));
	assert.match(
		failure(() => clients.identify(keyed(ENV.TWO)).check("embeddings", "a")),
		/may use none$/,
	);
	await close();
});

test("a reload revokes keys, keeps clients that are unchanged, and cancels the rest", async () => {
	const { clients, close } = await clientsOf({ one: { key_env: "ONE" }, two: { key_env: "TWO" } });
	const [one, two] = [clients.identify(keyed(ENV.ONE)), clients.identify(keyed(ENV.TWO))];
	const host = await createHost({ config: { clients: { two: { key_env: "TWO" }, one: { key_env: "ONE", models: ["a"] } } }, env: ENV });
	clients.configure(host.serving());
	assert.ok(one.signal.aborted);
	assert.not.ok(two.signal.aborted);
	assert.is(clients.identify(keyed(ENV.TWO)), two);
	assert.not.ok(clients.identify(keyed(ENV.ONE)).mayUseModel("b"));
	await host.reload({ clients: { two: { key_env: "ONE" } } });
	clients.configure(host.serving());
	assert.ok(two.signal.aborted);
	assert.match(
		failure(() => clients.identify(keyed(ENV.TWO))),
		/^401 /,
	);
	assert.is(clients.identify(keyed(ENV.ONE)).name, "two");
	await host.close();
	await close();
});

test("a server whose clients are removed needs no key, and one that gets clients needs one", async () => {
	const { clients, close } = await clientsOf({});
	const anonymous = clients.identify(new Headers());
	assert.is(anonymous.name, "anonymous");
	const host = await createHost({ config: { clients: { one: { key_env: "ONE" } } }, env: ENV });
	clients.configure(host.serving());
	assert.ok(anonymous.signal.aborted);
	assert.match(
		failure(() => clients.identify(new Headers())),
		/^401 /,
	);
	await host.close();
	await close();
});

test("the request of a revoked client is cancelled, at the upstream too", async () => {
	const upstream = await OpenAiServer.start(answer.silence());
	const backends = { up: { kind: "openai-compatible" as const, base_url: upstream.baseUrl, models: ["m"] } };
	const at = await served({ backends, clients: { one: { key_env: "ONE" }, two: { key_env: "TWO" } } }, ENV);
	const response = fetch(`${at.url}/v1/embeddings`, {
		method: "POST",
		headers: { "content-type": "application/json", authorization: `Bearer ${ENV.ONE}` },
		body: '{"model":"m","input":"x"}',
	});
	const request = await upstream.request(0);
	await at.host.reload({ backends, clients: { two: { key_env: "TWO" } } });
	assert.equal(await request.ended, { clientClosed: true });
	assert.ok((await response).status >= 400);
	await at.close();
	await upstream.close();
});

test("no key reaches the log or an answer", async () => {
	const at = await served({ clients: { one: { key_env: "ONE" } } }, ENV);
	const wrong = "a-wrong-key-that-is-a-secret-elsewhere";
	for (const key of [ENV.ONE, wrong]) {
		const response = await fetch(`${at.url}/v1/models?key=${key}`, { headers: { authorization: `Bearer ${key}` } });
		assert.not.match(await response.text(), key);
		assert.not.match(JSON.stringify([...response.headers]), key);
	}
	assert.not.match(JSON.stringify(at.log), ENV.ONE);
	assert.not.match(JSON.stringify(at.log), wrong);
	await at.close();
});

test.run();
