import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost } from "../../src/index.ts";
import { createServer } from "../../src/serve.ts";
import { served } from "../helpers/served.ts";

const KEY = "a-key-of-a-client-of-a-test";

const test = suite("server");

test("health is answered without a key, and each answer has an id of its own", async () => {
	const at = await served({ clients: { app: { key_env: "APP_KEY" } } }, { APP_KEY: KEY });
	const answers = await Promise.all([fetch(`${at.url}/healthz`), fetch(`${at.url}/readyz`)]);
	assert.equal(await Promise.all(answers.map((answer) => answer.json())), [{ status: "alive" }, { status: "ready" }]);
	assert.is(new Set(answers.map(({ headers }) => headers.get("x-request-id"))).size, 2);
	await at.close();
});

test("a server whose backends lack their keys is alive, and not ready", async () => {
	const backends = { one: { kind: "openai-compatible", base_url: "http://127.0.0.1:9", api_key_env: "ABSENT" } };
	const at = await served({ backends } as Config);
	assert.is((await fetch(`${at.url}/healthz`)).status, 200);
	const { status } = await fetch(`${at.url}/readyz`);
	assert.is(status, 503);
	await at.close();
});

test("a page of another name cannot use a server without keys", async () => {
	const at = await served({});
	const { server } = at;
	const request = (host: string) => server.fetch(new Request("http://127.0.0.1/healthz", { headers: { host } }));
	assert.is((await request("attacker.example")).status, 421);
	assert.is((await request("127.0.0.1.attacker.example:8787")).status, 421);
	assert.is((await request("localhost:8787")).status, 200);
	assert.is((await request("[::1]:8787")).status, 200);
	await at.close();
});

test("an address that other machines reach is refused without clients", async () => {
	const host = await createHost({ config: { host: { log_level: "silent" } }, env: {} });
	const server = createServer(host);
	const fault = await server.listen({ host: "0.0.0.0", port: 0 }).catch((thrown: Error) => thrown.message);
	assert.match(String(fault), /needs clients with keys; add \[clients\.<name>\]/);
	await server.close();
	await host.close();
});

test("a server that other machines reach refuses requests without a key when a reload removes its clients", async () => {
	const at = await served({ clients: { app: { key_env: "APP_KEY" } } }, { APP_KEY: KEY });
	const open = createServer(at.host);
	const { port } = await open.listen({ host: "0.0.0.0", port: 0 });
	await at.host.reload({});
	const answer = await fetch(`http://127.0.0.1:${port}/v1/models`);
	assert.is(answer.status, 401);
	assert.ok(
		at.log.some(({ level, message }) => level === "warn" && message.includes("0.0.0.0") && message.includes("add [clients.<name>]")),
	);
	await at.host.reload({ clients: { app: { key_env: "APP_KEY" } } });
	assert.is((await fetch(`http://127.0.0.1:${port}/v1/models`, { headers: { "x-api-key": KEY } })).status, 200);
	await open.close({ drainMs: 0 });
	await at.close();
});

test("the access log has no token of an image's URL, which opens the image without a key", async () => {
	const at = await served({});
	await (await fetch(`${at.url}/v1/images/files/a-secret-token`)).text();
	// The line follows the end of the answer.
	while (at.log.every(({ message }) => !message.includes("/v1/images/files/"))) await new Promise(setImmediate);
	assert.not.match(JSON.stringify(at.log), /a-secret-token/);
	await at.close();
});

test("a port in use is told by its address", async () => {
	const at = await served({});
	const other = createServer(at.host);
	const fault = await other.listen({ port: Number(new URL(at.url).port) }).catch((thrown: Error) => thrown.message);
	assert.match(String(fault), /^127\.0\.0\.1:\d+ is in use; /);
	await other.close();
	await at.close();
});

test("a server closes at once when nothing is in progress, and twice is as once", async () => {
	const at = await served({});
	assert.is(await at.server.close(), 0);
	assert.is(await at.server.close(), 0);
	const refused = await fetch(`${at.url}/healthz`).then(
		() => false,
		() => true,
	);
	assert.ok(refused, process.platform);
	await at.close();
});

test.run();
