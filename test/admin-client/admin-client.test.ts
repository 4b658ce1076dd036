/** The client of the admin API against a server. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AdminClient, AdminError, type AdminEvent } from "../../src/admin.ts";
import { EventParser } from "../../src/admin-client/event-parser.ts";
import { createHost } from "../../src/index.ts";
import { createServer as createSpear } from "../../src/serve.ts";
import { ADMIN_KEY, chat, servedAdmin } from "../helpers/admin.ts";

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
	promise.then(
		() => "nothing was thrown",
		(thrown: unknown) => (thrown instanceof AdminError ? [thrown.status, thrown.code, thrown.param, thrown.retryable] : thrown),
	);

async function listening(server: Server): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("every method asks the server and returns its answer", async () => {
	const at = await servedAdmin({ backends: { "a-b": { kind: "stub", models: ["m"] } } });
	const admin = new AdminClient({ url: `${at.url}/`, key: ADMIN_KEY });
	await chat(at.host.client({ guest: "shop & co" }), "m");
	assert.is((await admin.status()).totals.requests, 1);
	assert.equal(
		(await admin.backends()).backends.map(({ name }) => name),
		["a-b"],
	);
	assert.is((await admin.changeBackend("a-b", { weight: 4 })).weight, 4);
	const { decisions } = await admin.decisions({ guest: "shop & co", hedged: false, limit: 5 });
	assert.is(decisions.length, 1);
	assert.is((await admin.decision(decisions[0]?.id ?? "")).policy, "ewma_latency");
	assert.is((await admin.traffic({ by: "guest", name: "shop & co" })).series.length, 1);
	assert.equal(await admin.errors(), { errors: [] });
	assert.is((await admin.guests()).guests[0]?.name, "shop & co");
	assert.equal(await admin.agents(), { agents: [] });
	assert.is((await admin.reload({ dry_run: true })).applied, false);
	await at.close();
});

test("a failure has the status, the code and the parameter of the answer", async () => {
	const at = await servedAdmin({});
	const admin = new AdminClient({ url: at.url, key: ADMIN_KEY });
	assert.equal(await failureOf(admin.decision("none")), [404, "not_found", undefined, false]);
	assert.equal(await failureOf(admin.decisions({ limit: 0 })), [400, "invalid_request", "limit", false]);
	assert.equal(await failureOf(new AdminClient({ url: at.url, key: "wrong" }).status()), [401, "unauthenticated", undefined, false]);
	await at.close();
	assert.equal(await failureOf(admin.status()), [undefined, "unreachable", undefined, true]);
});

test("a URL with a password, or of another kind, is refused", () => {
	for (const url of ["http://user:password@127.0.0.1:1", "file:///etc/passwd", "127.0.0.1:8787", ""]) {
		assert.throws(
			() => new AdminClient({ url, key: "k" }),
			(error: unknown) => error instanceof AdminError && error.param === "url" && !error.message.includes("password@"),
		);
	}
});

test("the key follows no redirect", async () => {
	const seen: (string | undefined)[] = [];
	const other = createServer((request, response) => {
		seen.push(request.headers.authorization);
		response.end("{}");
	});
	const otherUrl = await listening(other);
	const server = createServer((_, response) => response.writeHead(307, { location: `${otherUrl}/admin/v1/status` }).end());
	const admin = new AdminClient({ url: await listening(server), key: ADMIN_KEY });
	assert.equal(await failureOf(admin.status()), [undefined, "unreachable", undefined, true]);
	assert.equal(seen, []);
	server.close();
	other.close();
});

test("an answer of another program is told as such", async () => {
	const server = createServer((_, response) => response.writeHead(502, { "retry-after": "7" }).end("<html>"));
	const admin = new AdminClient({ url: await listening(server), key: ADMIN_KEY });
	const thrown: unknown = await admin.status().catch((error: unknown) => error);
	assert.match(String(thrown), /is there an admin API at this URL/);
	assert.is(thrown instanceof AdminError && thrown.retryAfterMs, 7_000);
	server.close();
});

test("events continue over a restart of the server, with a gap", async () => {
	const config = { host: { log_level: "silent" }, server: { admin_key_env: "ADMIN_KEY" } } as const;
	const start = async (port: number) => {
		const host = await createHost({ config, env: { ADMIN_KEY } });
		const server = createSpear(host);
		const address = await server.listen({ port });
		return { host, address, close: () => server.close({ drainMs: 0 }).then(() => host.close()) };
	};
	const first = await start(0);
	const states: string[] = [];
	const { promise: open, resolve } = Promise.withResolvers<void>();
	const admin = new AdminClient({ url: first.address.url, key: ADMIN_KEY });
	const events = admin.events({
		types: ["decision"],
		onConnection: (state) => {
			states.push(state);
			resolve();
		},
	});
	const next = events.next();
	await open;
	await chat(first.host.client());
	const received: AdminEvent[] = [];
	const take = async (event: Promise<IteratorResult<AdminEvent, void>>): Promise<void> => {
		const { value } = await event;
		if (value !== undefined) received.push(value);
	};
	await take(next);
	const later = events.next();
	await first.close();
	const second = await start(first.address.port);
	await take(later);
	const last = events.next();
	await chat(second.host.client());
	await take(last);
	assert.equal(
		received.map(({ type }) => type),
		["decision", "gap", "decision"],
	);
	assert.is(states[0], "open");
	assert.ok(states.includes("lost"));
	await events.return();
	await second.close();
});

test("events end with their signal, and at a wrong key with its error", async () => {
	const at = await servedAdmin({});
	const abort = new AbortController();
	const admin = new AdminClient({ url: at.url, key: ADMIN_KEY });
	const next = admin.events({ signal: abort.signal, onConnection: () => abort.abort() }).next();
	assert.equal(await next, { value: undefined, done: true });
	const refused = new AdminClient({ url: at.url, key: "wrong" });
	assert.equal(await failureOf(refused.events().next()), [401, "unauthenticated", undefined, false]);
	await at.close();
});

test("events are found in whatever pieces their text arrives", () => {
	const text = 'retry: 1000\n: open\n\nid: e-1\nevent: gap\ndata: {"type":"gap"}\n\n: \n\ndata: a\ndata: b\n\n';
	const whole = new EventParser().push(text);
	assert.equal(whole, [
		{ id: "e-1", data: '{"type":"gap"}' },
		{ id: undefined, data: "a\nb" },
	]);
	fc.assert(
		fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
			const parser = new EventParser();
			const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
			const found = at.slice(1).flatMap((end, index) => parser.push(text.slice(at[index], end)));
			assert.equal(found, whole);
		}),
	);
});

test("an event without an end is refused, and long streams are not", () => {
	const parser = new EventParser();
	assert.throws(() => {
		for (let i = 0; i < 100; i++) parser.push("x".repeat(100_000));
	}, RangeError);
	const long = new EventParser();
	for (let i = 0; i < 100; i++) long.push(`data: ${"x".repeat(100_000)}\n\n`);
	for (let i = 0; i < 100; i++) long.push(`: ${"x".repeat(100_000)}\n\n`);
});

test.run();
