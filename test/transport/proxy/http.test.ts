import { test } from "uvu";
import * as assert from "uvu/assert";
import { HttpClient } from "../../../src/transport/http/client.ts";
import { DIRECT, type Network } from "../../../src/transport/network.ts";
import { answer, OpenAiServer, sse } from "../../helpers/openai-server.ts";
import { all, failure, post, turns } from "../http/fixture.ts";
import { CERTIFICATES, CREDENTIALS, PASSWORD, secureServer, withProxy } from "./fixture.ts";

/** Runs a test with a client, and closes it. */
async function withClient(baseUrl: string, network: Network, run: (client: HttpClient) => Promise<void>, timeouts = {}): Promise<void> {
	const client = new HttpClient({ baseUrl: new URL(baseUrl), network, timeouts });
	try {
		await run(client);
	} finally {
		await client.close();
	}
}

for (const secure of [false, true]) {
	test(`requests to an https upstream use a tunnel through the ${secure ? "https" : "http"} proxy, and the operator's authority`, () =>
		withProxy(async ({ proxy, network }) => {
			const server = await secureServer({ a: 1 });
			await withClient(`https://up.test:${server.port}/v1`, network, async (client) => {
				for (let call = 0; call < 2; call++) {
					assert.equal((await client.requestJson(post())).value, { a: 1 });
					await turns(5);
				}
				assert.equal(proxy.requests, [`CONNECT up.test:${server.port}`], "the second request uses the connection again");
				assert.equal(proxy.credentials, [CREDENTIALS]);
			});
			await server.close();
		}, secure));
}

test("an https upstream of an unknown authority is refused through a proxy too", () =>
	withProxy(async ({ network }) => {
		const server = await secureServer({});
		await withClient(`https://up.test:${server.port}/v1`, { ...network, secureContext: undefined }, async (client) => {
			const error = await failure(client.requestJson(post()));
			assert.equal(
				[error.message, error.processed],
				["no secure connection to the backend is possible; its operator must check its certificate, base_url and [host] ca_file", "no"],
			);
		});
		await server.close();
	}));

test("an https upstream of the operator's authority is reached without a proxy", async () => {
	const server = await secureServer({ a: 1 });
	const { createSecureContext } = await import("node:tls");
	await withClient(
		`https://localhost:${server.port}/v1`,
		{ ...DIRECT, secureContext: createSecureContext({ ca: CERTIFICATES.ca }) },
		async (client) => assert.equal((await client.requestJson(post())).value, { a: 1 }),
	);
	await server.close();
});

test("requests to an http upstream are sent to the proxy whole, streams included", () =>
	withProxy(async ({ proxy, network }) => {
		const server = await OpenAiServer.start(answer.json({ a: 1 }), answer.stream(sse([{}])));
		const base = server.baseUrl.replace("127.0.0.1", "up.test");
		await withClient(base, network, async (client) => {
			assert.equal((await client.requestJson(post({ path: "/things?limit=2" }))).value, { a: 1 });
			assert.equal(await all(client.openStream(post(), "[DONE]")), ["{}", "[DONE]"]);
		});
		assert.equal(proxy.requests, [`POST ${base}/things?limit=2`, `POST ${base}/things`]);
		assert.equal(proxy.credentials, [CREDENTIALS, CREDENTIALS]);
		assert.equal(
			server.requests.map(({ path, headers }) => [path, headers.host, headers["proxy-authorization"]]),
			["/v1/things?limit=2", "/v1/things"].map((path) => [path, new URL(base).host, undefined]),
		);
		await server.close();
	}));

const REFUSALS: readonly (readonly [status: number, message: string, retryable: boolean])[] = [
	[407, "the proxy before the backend refuses the host's credentials; its operator must check HTTPS_PROXY", false],
	[403, "the proxy before the backend refuses the connection; its operator must check the proxy's rules and NO_PROXY", false],
	[502, "the proxy does not reach the backend; it may be down", true],
];

for (const [status, message, retryable] of REFUSALS) {
	test(`a proxy that answers ${status} is told, without credentials`, () =>
		withProxy(async ({ proxy, network }) => {
			proxy.behaviour = { status };
			await withClient("https://up.test/v1", network, async (client) => {
				const error = await failure(client.requestJson(post()));
				assert.equal([error.code, error.message, error.retryable, error.processed], ["backend_error", message, retryable, "no"]);
				assert.not.match(String(error.cause), PASSWORD);
				assert.match(String(error.cause), `proxy http://127.0.0.1:${proxy.port}: status ${status}`);
			});
		}));
}

test("a proxy that refuses the credentials for an http upstream is told, and the upstream is not blamed", () =>
	withProxy(async ({ proxy, network }) => {
		proxy.behaviour = { status: 407 };
		await withClient("http://up.test/v1", network, async (client) => {
			const error = await failure(client.requestJson(post()));
			assert.equal([error.message, error.processed], [REFUSALS[0]?.[1], "no"]);
		});
		const server = await OpenAiServer.start(answer.status(407, "no"));
		await withClient(server.baseUrl, DIRECT, async (client) => {
			assert.is((await failure(client.requestJson(post()))).message, "the backend refuses the request (status 407)");
		});
		await server.close();
	}));

test("an unsolicited 100 Continue of a proxy does no harm", () =>
	withProxy(async ({ proxy, network }) => {
		proxy.behaviour = "informed";
		const server = await OpenAiServer.start(answer.json({ a: 1 }));
		await withClient(server.baseUrl.replace("127.0.0.1", "up.test"), network, async (client) => {
			assert.equal((await client.requestJson(post())).value, { a: 1 });
		});
		await server.close();
	}));

test("a proxy that is down is told, for both schemes", async () => {
	const proxy = { url: new URL("http://127.0.0.1:9"), authorization: undefined };
	for (const scheme of ["http", "https"]) {
		await withClient(`${scheme}://up.test/v1`, { ...DIRECT, proxyFor: () => proxy }, async (client) => {
			const error = await failure(client.requestJson(post()));
			assert.equal(
				[error.message, error.retryable, error.processed],
				["the proxy before the backend cannot be reached; its operator must check [host] proxy or HTTPS_PROXY", true, "no"],
			);
		});
	}
});

test("a proxy that repeats the credentials in its answer does not reveal them", () =>
	withProxy(async ({ network }) => {
		const server = await OpenAiServer.start(answer.status(500, `you sent ${CREDENTIALS} for ${PASSWORD}`));
		await withClient(server.baseUrl.replace("127.0.0.1", "up.test"), network, async (client) => {
			const { cause } = await failure(client.requestJson(post()));
			assert.ok(cause instanceof Error && cause.message.endsWith("you sent Basic [redacted] for [redacted]"), String(cause));
		});
		await server.close();
	}));

test("an abort and a time limit end a request that waits for a proxy, and close its connection", () =>
	withProxy(async ({ proxy, network }) => {
		proxy.behaviour = "silence";
		const abort = new AbortController();
		await withClient("https://up.test/v1", network, async (client) => {
			const waiting = failure(client.requestJson(post({ signal: abort.signal })));
			while (proxy.requests.length === 0) await proxy.request();
			abort.abort();
			assert.is((await waiting).code, "cancelled");
			await proxy.quiet();
		});
		await withClient(
			"https://up.test/v1",
			network,
			async (client) => {
				const error = await failure(client.requestJson(post()));
				assert.equal(
					[error.code, error.message],
					["timeout", "no connection to the backend within 50 ms (connect_timeout_ms of the backend)"],
				);
				await proxy.quiet();
			},
			{ connectTimeoutMs: 50 },
		);
	}));

test.run();
