/** The admin API as an attacker meets it. */
import { connect } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Logger } from "../../../src/index.ts";
import { GuessLimit } from "../../../src/serve/admin/guess-limit.ts";
import { ADMIN_OPERATIONS } from "../../../src/serve/admin/operations.ts";
import { ADMIN_KEY, chat, servedAdmin } from "../../helpers/admin.ts";
import { served } from "../../helpers/served.ts";

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
const WRONG = ADMIN_KEY.replace("t", "T");

/** Sends a request as it is written, and returns the answer. */
function raw(url: string, text: string): Promise<string> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve, reject) => {
		let answer = "";
		const socket = connect(Number(port), hostname, () => socket.write(text));
		socket.setEncoding("utf8");
		socket.on("data", (data: string) => {
			answer += data;
		});
		socket.on("close", () => resolve(answer));
		socket.on("error", reject);
		socket.setTimeout(5_000, () => socket.destroy());
	});
}

test("without its key no path of the admin API answers anything but 401, with any method", async () => {
	const at = await servedAdmin({});
	const paths = [
		...Object.values(ADMIN_OPERATIONS).map(({ path }) => path.replace(/\{\w+\}/, "a")),
		"",
		"/",
		"/nothing",
		"/status/../status",
	];
	for (const path of paths) {
		for (const method of METHODS) {
			const answer = await fetch(`${at.url}/admin/v1${path}`, { method });
			assert.is(answer.status, 401, `${method} ${path}`);
			await answer.body?.cancel();
		}
	}
	await at.close();
});

test("odd spellings of a path reach nothing without the key", async () => {
	const at = await servedAdmin({});
	const paths = [
		"//admin/v1/status",
		"/admin//v1/status",
		"/admin/v1//status",
		"/%61dmin/v1/status",
		"/admin%2fv1%2fstatus",
		"/admin/v1/%73tatus",
		"/ADMIN/v1/status",
		"/admin/v1/status/",
		"/admin/v1/status;a=b",
		"/admin/v1/status%00",
		"/x/../admin/v1/status",
		"/./admin/v1/status",
		"/admin/v1/./status",
		"/admin\\v1\\status",
		"/healthz/..%2fadmin/v1/status",
		"http://localhost/admin/v1/status",
		"http://attacker.example/admin/v1/status",
		"*",
	];
	for (const path of paths) {
		const answer = await raw(at.url, `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
		assert.match(answer, /^HTTP\/1\.1 (400|401|404|421) /, path);
		assert.not.match(answer, /uptime_ms/, path);
	}
	await at.close();
});

test("headers and parameters that name another method have no effect", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
	const headers = { "x-http-method-override": "PATCH", "x-method-override": "PATCH", "content-type": "application/json" };
	const answer = await at.ask("/backends/a", { method: "POST", headers, body: '{"enabled":false}' });
	assert.is(answer.status, 405);
	assert.is(at.host.status().backends[0]?.enabled, true);
	await at.close();
});

test("a server without an admin key has no admin API, whatever key is sent", async () => {
	const at = await served({});
	for (const authorization of ["Bearer undefined", "Bearer ", `Bearer ${ADMIN_KEY}`, ""]) {
		assert.is((await fetch(`${at.url}/admin/v1/status`, { headers: { authorization } })).status, 404);
	}
	await at.close();
});

test("the key of a client, and parts and spellings of the admin key, open nothing", async () => {
	const client = "the-key-of-a-client-of-a-test";
	const at = await servedAdmin({ clients: { app: { key_env: "APP_KEY" } } }, { APP_KEY: client });
	for (const key of [client, ADMIN_KEY.slice(0, -1), `${ADMIN_KEY}x`, ADMIN_KEY.toUpperCase(), `${ADMIN_KEY},${ADMIN_KEY}`, "null"]) {
		assert.is((await at.ask("/status", { headers: { authorization: `Bearer ${key}` } })).status, 401, key);
	}
	for (const authorization of [`Basic ${btoa(`admin:${ADMIN_KEY}`)}`, ADMIN_KEY, `Bearer${ADMIN_KEY}`]) {
		assert.is((await at.ask("/status", { headers: { authorization } })).status, 401, authorization);
	}
	const byCookie = await fetch(`${at.url}/admin/v1/status?key=${ADMIN_KEY}`, { headers: { cookie: `authorization=Bearer ${ADMIN_KEY}` } });
	assert.is(byCookie.status, 401);
	await at.close();
});

test("wrong keys are bounded by address, and the key works again soon", async () => {
	const at = await servedAdmin({});
	const statuses: number[] = [];
	for (let i = 0; i < 200; i++) {
		const { status } = await at.ask("/status", { headers: { authorization: `Bearer ${WRONG}` } });
		statuses.push(status);
		if (status === 429) break;
	}
	assert.is(statuses.at(-1), 429);
	assert.ok(statuses.length >= 21, String(statuses.length));
	// Requests without a key are no guesses, and have their own answer.
	assert.is((await fetch(`${at.url}/admin/v1/status`)).status, 401);
	let status = 429;
	for (let tries = 0; tries < 100 && status === 429; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 50));
		({ status } = await at.ask("/status"));
	}
	assert.is(status, 200);
	await at.close();
});

test("guesses are counted by network of an IPv6 address, refill, and are forgotten beyond 4096 addresses", () => {
	let now = 0;
	const limit = new GuessLimit(() => now);
	for (let i = 0; i < 20; i++) limit.recordWrong(`2001:db8::${i.toString(16)}`);
	assert.is(limit.waitMs("2001:db8:0:0:ffff::1"), 100);
	assert.is(limit.waitMs("2001:db8:0:1::1"), 0);
	assert.is(limit.waitMs("::ffff:10.0.0.1"), 0);
	now = 100;
	assert.is(limit.waitMs("2001:db8::1"), 0);
	now = 0;
	for (let i = 0; i < 4_096; i++) limit.recordWrong(`10.${i >> 8}.${i & 255}.1`);
	assert.is(limit.waitMs("2001:db8::1"), 0);
});

test("a website can neither read nor change anything: no CORS, and a body must be JSON", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
	const origin = "https://attacker.example";
	const preflight = await fetch(`${at.url}/admin/v1/backends/a`, {
		method: "OPTIONS",
		headers: { origin, "access-control-request-method": "PATCH", "access-control-request-headers": "authorization" },
	});
	assert.is(preflight.status, 401);
	assert.is(preflight.headers.get("access-control-allow-origin"), null);
	for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"]) {
		const request = { method: "PATCH", body: '{"enabled":false}' };
		assert.is((await at.ask("/backends/a", { ...request, headers: { "content-type": type } })).status, 415, type);
		assert.is((await at.ask("/backends/a", { ...request, headers: { origin, "content-type": type } })).status, 403, type);
	}
	const answer = await at.ask("/status", { headers: { origin } });
	assert.is(answer.headers.get("access-control-allow-origin"), null);
	assert.is(answer.headers.get("cache-control"), "no-store");
	assert.is(at.host.status().backends[0]?.enabled, true);
	await at.close();
});

test("bodies are bounded, and what is no object is refused", async () => {
	const at = await servedAdmin({ backends: { a: { kind: "stub" } } });
	const patch = (body: string): Promise<number> =>
		at.ask("/backends/a", { method: "PATCH", body, headers: { "content-type": "application/json" } }).then(({ status }) => status);
	assert.is(await patch(`{"enabled":${" ".repeat(20_000)}true}`), 413);
	for (const body of ["", "[]", "null", "1", "{", '{"weight":1e999}', `${'{"a":'.repeat(2_500)}1${"}".repeat(2_500)}`]) {
		assert.is(await patch(body), 400, body.slice(0, 20));
	}
	await at.close();
});

test("neither keys nor URLs nor prompts are in any answer or in the log", async () => {
	const lines: string[] = [];
	const line = (...parts: unknown[]): void => {
		lines.push(JSON.stringify(parts, (_, value: unknown) => (value instanceof Error ? `${value.stack} ${JSON.stringify(value)}` : value)));
	};
	const logger: Logger = { trace: line, debug: line, info: line, warn: line, error: line };
	const config = {
		backends: {
			dead: {
				kind: "openai-compatible",
				base_url: "http://127.0.0.1:1/private-path/v1",
				models: ["m"],
				api_key_env: "UPSTREAM_KEY",
				priority: 0,
			},
			good: { kind: "stub", models: ["m"], priority: 1 },
		},
		clients: { app: { key_env: "APP_KEY" } },
	};
	const keys = { UPSTREAM_KEY: "sk-upstream-0123456789abcdef", APP_KEY: "the-key-of-a-client-of-a-test" };
	const at = await servedAdmin(config, keys, { logger });
	await chat(at.host.client({ guest: "shop" }), "m");
	await at.ask("/status", { headers: { authorization: `Bearer ${WRONG}` } });
	const texts: string[] = [];
	const [decision] = (await at.json("/decisions")).decisions as { id: string }[];
	for (const { method, path } of Object.values(ADMIN_OPERATIONS)) {
		if (method !== "GET" || path === "/events") continue;
		texts.push(await (await at.ask(path.replace("{id}", decision?.id ?? ""))).text());
	}
	texts.push(await (await at.send("POST", "/reload", {})).text());
	for (const secret of [...Object.values(keys), ADMIN_KEY, WRONG, "private-path", "127.0.0.1:1", "a secret prompt"]) {
		assert.not.ok(
			texts.some((text) => text.includes(secret)),
			`an answer holds ${secret}`,
		);
	}
	for (const secret of [...Object.values(keys), ADMIN_KEY, WRONG, "a secret prompt"]) {
		assert.not.ok(
			lines.some((text) => text.includes(secret)),
			`the log holds ${secret}`,
		);
	}
	await at.close();
});

test("a server is not reached by the name of an attacker's website", async () => {
	const at = await servedAdmin({});
	const answer = await at.server.fetch(
		new Request("http://attacker.example/admin/v1/status", { headers: { host: "attacker.example", authorization: `Bearer ${ADMIN_KEY}` } }),
	);
	assert.is(answer.status, 421);
	await at.close();
});

test.run();
