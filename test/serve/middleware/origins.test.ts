import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Config } from "../../../src/index.ts";
import { served } from "../../helpers/served.ts";

const KEY = "a-key-of-a-client-of-a-test";
const PAGE = "https://app.example.com";

/** Pages of other origins. */
const test = suite("origins");

/** Returns the answer to a request with these headers. */
async function ask(config: Config, method: string, path: string, headers: Record<string, string>): Promise<Response> {
	const at = await served(config, { KEY });
	const body = method === "POST" ? { body: '{"model":"absent","input":"x"}' } : {};
	const request = new Request(`http://localhost${path}`, { method, headers: { host: "localhost:8787", ...headers }, ...body });
	const response = await at.server.fetch(request);
	await at.close();
	return response;
}

const JSON_TYPE = { "content-type": "application/json" };
const allowedFor = (origins: string[], more: Config = {}): Config => ({ server: { cors_origins: origins }, ...more });
const allowOf = ({ headers }: Response): string | null => headers.get("access-control-allow-origin");

test("a page of another origin cannot send anything to a server without keys", async () => {
	for (const origin of [PAGE, "null", "http://localhost:9999", "http://localhost.attacker.example:8787"]) {
		const response = await ask({}, "POST", "/v1/embeddings", { ...JSON_TYPE, origin });
		assert.is(response.status, 403, origin);
	}
	assert.is((await ask({}, "POST", "/agents/x/run", { "content-type": "text/plain", "sec-fetch-site": "cross-site" })).status, 403);
});

test("a page of the server itself, and a client that is no page, may send requests", async () => {
	for (const headers of [{ origin: "http://localhost:8787", "sec-fetch-site": "same-origin" }, {}])
		assert.is((await ask({}, "POST", "/v1/embeddings", { ...JSON_TYPE, ...headers })).status, 404);
});

test("a server with keys does not look at the origin", async () => {
	const headers = { ...JSON_TYPE, origin: "vscode-webview://x", authorization: `Bearer ${KEY}` };
	assert.is((await ask({ clients: { app: { key_env: "KEY" } } }, "POST", "/v1/embeddings", headers)).status, 404);
});

test("no page of another origin may read an answer by default", async () => {
	const question = { origin: PAGE, "access-control-request-method": "POST" };
	for (const response of [
		await ask({}, "OPTIONS", "/v1/chat/completions", question),
		await ask({}, "GET", "/v1/models", { origin: PAGE }),
	]) {
		assert.is(allowOf(response), null);
		assert.is(response.headers.get("cross-origin-resource-policy"), "same-origin");
	}
});

test("a listed origin may use the API and agents, and learns what it may send, without a key", async () => {
	const config = allowedFor([PAGE], { clients: { app: { key_env: "KEY" } } });
	for (const path of ["/v1/chat/completions", "/agents/x/run"]) {
		const response = await ask(config, "OPTIONS", path, {
			origin: PAGE,
			"access-control-request-method": "POST",
			"access-control-request-headers": "authorization, content-type, x-stainless-os",
		});
		assert.is(response.status, 204);
		assert.is(allowOf(response), PAGE);
		assert.is(response.headers.get("access-control-allow-headers"), "authorization, content-type, x-stainless-os");
		assert.is(response.headers.get("access-control-allow-methods"), "GET, POST");
		assert.is(response.headers.get("access-control-allow-credentials"), null);
		assert.is(response.headers.get("vary"), "origin");
	}
	const models = await ask(config, "GET", "/v1/models", { origin: PAGE, authorization: `Bearer ${KEY}` });
	assert.is(models.status, 200);
	assert.is(allowOf(models), PAGE);
	assert.match(models.headers.get("access-control-expose-headers") ?? "", "x-spear-backend");
	const refused = await ask(config, "GET", "/v1/models", { origin: PAGE });
	assert.is(refused.status, 401);
	assert.is(allowOf(refused), PAGE);
});

test("an origin is compared whole", async () => {
	for (const origin of [
		"https://app.example.com.attacker.example",
		"http://app.example.com",
		"https://app.example.com:444",
		"https://APP.example.com",
	])
		assert.is(allowOf(await ask(allowedFor([PAGE]), "GET", "/v1/models", { origin })), null, origin);
});

test("a star permits every origin, and never credentials", async () => {
	const response = await ask(allowedFor(["*"]), "GET", "/v1/models", { origin: "https://any.example" });
	assert.is(allowOf(response), "*");
	assert.is(response.headers.get("access-control-allow-credentials"), null);
});

test("pages of other origins may not use the admin API, metrics or the page", async () => {
	for (const path of ["/admin/v1/status", "/metrics", "/", "/v1x"]) {
		const question = { origin: PAGE, "access-control-request-method": "POST" };
		assert.is(allowOf(await ask(allowedFor(["*", PAGE]), "OPTIONS", path, question)), null, path);
	}
});

test("a wrong list of headers is not echoed", async () => {
	const headers = { origin: PAGE, "access-control-request-method": "POST", "access-control-request-headers": "a;b" };
	const response = await ask(allowedFor([PAGE]), "OPTIONS", "/v1/models", headers);
	assert.is(response.headers.get("access-control-allow-headers"), null);
});

test.run();
