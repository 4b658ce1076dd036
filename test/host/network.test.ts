/** Proxies and certificate authorities of a whole host. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/config-error.ts";
import { createHost, type Host, type HostOptions, SpearError } from "../../src/index.ts";
import { completion } from "../backends/protocols/openai/upstream.ts";
import { scratch } from "../helpers/guest.ts";
import { CERTIFICATES, CREDENTIALS, PASSWORD, secureServer, USER, withProxy } from "../transport/proxy/fixture.ts";

const ANSWER = completion({ content: "Hello." });
const CHAT = { messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }], tool_calls: [] }], tools: [] };

let files = 0;

async function fileOf(text: string): Promise<string> {
	files += 1;
	const path = join(scratch(), `authorities-${files}.pem`);
	await writeFile(path, text);
	return path;
}

/** Returns the text of the answer of a host's only backend. */
async function ask(host: Host): Promise<unknown> {
	const { payload } = await host.client().call("chat_completions", CHAT);
	return payload.message.content;
}

/** Runs a test with a host whose backend is an https server `up.test`. */
async function withHost(options: (port: number) => HostOptions, run: (host: Host, port: number) => Promise<void>): Promise<void> {
	const server = await secureServer(ANSWER);
	const host = await createHost(options(server.port));
	try {
		await run(host, server.port);
	} finally {
		await host.close();
		await server.close();
	}
}

const backends = (port: number, name = "up.test") => ({
	up: { kind: "openai-compatible", base_url: `https://${name}:${port}/v1`, models: ["small"] },
});

test("a host uses the proxy of the environment, and the authorities of ca_file", () =>
	withProxy(async ({ proxy }) => {
		const ca_file = await fileOf(`# our authority\n${CERTIFICATES.ca}`);
		const url = `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy.port}`;
		await withHost(
			(port) => ({ config: { host: { ca_file }, backends: backends(port) }, env: { https_proxy: url } }),
			async (host, port) => {
				assert.equal(await ask(host), [{ type: "text", text: "Hello." }]);
				assert.equal(proxy.requests, [`CONNECT up.test:${port}`]);
				assert.equal(proxy.credentials, [CREDENTIALS]);
			},
		);
	}));

test("a host uses the configured proxy, except for the hosts in NO_PROXY", () =>
	withProxy(async ({ proxy }) => {
		const ca_file = await fileOf(CERTIFICATES.ca);
		const options = (port: number): HostOptions => ({
			config: { host: { ca_file, proxy: `http://127.0.0.1:${proxy.port}` }, backends: backends(port) },
			env: { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "localhost" },
		});
		await withHost(options, async (host, port) => {
			assert.equal(await ask(host), [{ type: "text", text: "Hello." }]);
			assert.equal(proxy.requests, [`CONNECT up.test:${port}`]);
		});
		const direct = (port: number): HostOptions => ({
			config: { host: { ca_file, proxy: `http://127.0.0.1:${proxy.port}` }, backends: backends(port, "localhost") },
			env: {},
		});
		await withHost(direct, async (host) => {
			assert.equal(await ask(host), [{ type: "text", text: "Hello." }]);
			assert.is(proxy.requests.length, 1);
		});
	}));

test("the password of a proxy that fails is in no error", () =>
	withProxy(async ({ proxy }) => {
		proxy.behaviour = { status: 407 };
		const url = `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy.port}`;
		const lines: unknown[] = [];
		const log = (...args: unknown[]) => void lines.push(args);
		const logger = { trace: log, debug: log, info: log, warn: log, error: log };
		await withHost(
			(port) => ({ config: { backends: backends(port) }, env: { HTTPS_PROXY: url }, logger }),
			async (host) => {
				const error = await host
					.client()
					.call("chat_completions", CHAT)
					.then(
						() => undefined,
						(thrown: unknown) => thrown,
					);
				assert.ok(error instanceof SpearError);
				assert.match(
					error.explanation?.attempts[0]?.detail ?? error.message,
					"the proxy before the backend refuses the host's credentials",
				);
				const shown = JSON.stringify([error.toRecord(), String(error.cause), lines], (_, value) =>
					value instanceof Error ? String(value.stack) : value,
				);
				for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), CREDENTIALS.slice(6)]) assert.not.ok(shown.includes(secret), secret);
			},
		);
	}));

/** Returns the faults of a configuration. */
async function faults(options: HostOptions): Promise<readonly string[]> {
	try {
		await (await createHost(options)).close();
	} catch (thrown) {
		assert.ok(thrown instanceof ConfigError, String(thrown));
		return thrown.faults.map(({ path, message }) => `${path}: ${message}`);
	}
	return [];
}

test("a proxy or an authority that cannot be used is a fault of the configuration, without credentials", async () => {
	const up = backends(443);
	assert.equal(await faults({ config: { host: { proxy: "http://me:secret@proxy.test:3128" }, backends: up }, env: {} }), [
		"host.proxy: must hold no user and no password; put the URL with them into HTTPS_PROXY and HTTP_PROXY instead",
	]);
	assert.equal(await faults({ config: { host: { proxy: "socks5://proxy.test" }, backends: up }, env: {} }), [
		'host.proxy: must be the http or https URL of a proxy, or "none"',
	]);
	assert.equal(await faults({ config: { backends: up }, env: { HTTPS_PROXY: "socks5://me:secret@proxy.test" } }), [
		': HTTPS_PROXY: must be the http or https URL of a proxy, e.g. "http://proxy.example.com:3128"',
	]);
	const missing = join(scratch(), "missing.pem");
	assert.equal(await faults({ config: { host: { ca_file: missing }, backends: up }, env: {} }), [`host.ca_file: ${missing}: no such file`]);
	const empty = await fileOf("no certificate");
	assert.equal(await faults({ config: { host: { ca_file: empty }, backends: up }, env: {} }), [
		`host.ca_file: ${empty} holds no certificate in PEM`,
	]);
	const malformed = await fileOf("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	assert.equal(await faults({ config: { host: { ca_file: malformed }, backends: up }, env: {} }), [
		`host.ca_file: ${malformed}: holds a malformed certificate`,
	]);
});

test("a host without upstreams starts whatever proxy the environment names", async () => {
	assert.equal(await faults({ env: { HTTPS_PROXY: "socks5://proxy.test" } }), []);
});

test("a changed proxy or authority needs a restart", async () => {
	const host = await createHost({ config: {}, env: {} });
	const { needRestart } = await host.reload({ host: { proxy: "none", ca_file: await fileOf(CERTIFICATES.ca) } });
	assert.equal(needRestart, ["host.proxy", "host.ca_file"]);
	await host.close();
});

test.run();
