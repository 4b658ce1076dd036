import { createServer } from "node:https";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocketServer } from "ws";
import { DIRECT, type Network } from "../../../src/transport/network.ts";
import { WebSocketClient, type WebSocketRequest } from "../../../src/transport/websocket/client.ts";
import { RealtimeServer } from "../../helpers/realtime-server.ts";
import { failure } from "../http/fixture.ts";
import { CERTIFICATES, CREDENTIALS, PASSWORD, withProxy } from "./fixture.ts";

const request = (signal = new AbortController().signal): WebSocketRequest => ({ path: "/talk", signal });

/** Runs a test with a client, and closes it. */
async function withClient(
	baseUrl: string,
	network: Network,
	run: (client: WebSocketClient) => Promise<void>,
	timeouts = {},
): Promise<void> {
	const client = new WebSocketClient({ baseUrl: new URL(baseUrl), network, timeouts });
	try {
		await run(client);
	} finally {
		await client.close();
	}
}

/** Starts a secure WebSocket server `up.test` that sends one message. Returns its port and its end. */
async function secureServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
	const server = createServer(CERTIFICATES.server);
	const sockets = new WebSocketServer({ server });
	sockets.on("connection", (socket) => socket.send("one"));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
	return {
		port: address.port,
		async close() {
			for (const socket of sockets.clients) socket.terminate();
			sockets.close();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

test("a secure WebSocket uses a tunnel through the proxy, and the operator's authority", () =>
	withProxy(async ({ proxy, network }) => {
		const server = await secureServer();
		await withClient(`https://up.test:${server.port}/v1`, network, async (client) => {
			const connection = await client.connect(request());
			assert.is((await connection.messages().next()).value, "one");
			await connection.close();
		});
		assert.equal(proxy.requests, [`CONNECT up.test:${server.port}`]);
		assert.equal(proxy.credentials, [CREDENTIALS]);
		await server.close();
	}));

test("a secure WebSocket trusts the operator's authority without a proxy, and no other", async () => {
	const server = await secureServer();
	const base = `https://localhost:${server.port}/v1`;
	const { createSecureContext } = await import("node:tls");
	await withClient(base, { ...DIRECT, secureContext: createSecureContext({ ca: CERTIFICATES.ca }) }, async (client) => {
		const connection = await client.connect(request());
		assert.is((await connection.messages().next()).value, "one");
		await connection.close();
	});
	await withClient(base, DIRECT, async (client) => {
		assert.match((await failure(client.connect(request()))).message, "no secure connection to the backend is possible");
	});
	await server.close();
});

test("a plain WebSocket uses a tunnel through the proxy", () =>
	withProxy(async ({ proxy, network }) => {
		const server = await RealtimeServer.start((peer) => peer.send("one"));
		await withClient(server.baseUrl.replace("127.0.0.1", "up.test"), network, async (client) => {
			const connection = await client.connect(request());
			assert.is((await connection.messages().next()).value, "one");
			await connection.close();
		});
		assert.equal(proxy.requests, [`CONNECT up.test:${new URL(server.baseUrl).port}`]);
		await server.close();
	}));

test("a proxy that refuses a WebSocket is told, without credentials", () =>
	withProxy(async ({ proxy, network }) => {
		proxy.behaviour = { status: 407 };
		await withClient("https://up.test/v1", network, async (client) => {
			const error = await failure(client.connect(request()));
			assert.equal(
				[error.message, error.processed],
				["the proxy before the backend refuses the host's credentials; its operator must check HTTPS_PROXY", "no"],
			);
			assert.not.match(String(error.cause), PASSWORD);
		});
	}));

test("an upstream of an unknown authority behind a proxy is refused", () =>
	withProxy(async ({ network }) => {
		const server = await secureServer();
		await withClient(`https://up.test:${server.port}/v1`, { ...network, secureContext: undefined }, async (client) => {
			assert.match((await failure(client.connect(request()))).message, "no secure connection to the backend is possible");
		});
		await server.close();
	}));

test("an abort and a time limit end a handshake that waits for a proxy, and close its connection", () =>
	withProxy(async ({ proxy, network }) => {
		proxy.behaviour = "silence";
		const abort = new AbortController();
		await withClient("https://up.test/v1", network, async (client) => {
			const waiting = failure(client.connect(request(abort.signal)));
			while (proxy.requests.length === 0) await proxy.request();
			abort.abort();
			assert.is((await waiting).code, "cancelled");
			await proxy.quiet();
		});
		await withClient(
			"https://up.test/v1",
			network,
			async (client) => {
				assert.is((await failure(client.connect(request()))).code, "timeout");
				await proxy.quiet();
			},
			{ connectTimeoutMs: 50 },
		);
	}));

test.run();
