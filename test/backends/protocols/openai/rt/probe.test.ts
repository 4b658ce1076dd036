import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Backend } from "../../../../../src/backends/backend.ts";
import { openaiRealtime } from "../../../../../src/backends/kinds/openai-realtime/index.ts";
import { RealtimeServer, type SessionScript } from "../../../../helpers/realtime-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { KEY } from "./fixture.ts";

/** Runs a test against a server with this script. Fails if a socket is open after it. */
async function against(script: SessionScript, run: (backend: Backend, server: RealtimeServer) => Promise<void>): Promise<void> {
	const server = await RealtimeServer.start(script);
	const backend = openaiRealtime.create({
		name: "up",
		kind: "openai-realtime",
		base_url: server.baseUrl,
		models: ["gpt-realtime"],
		options: {},
	});
	try {
		await run(backend, server);
		await backend.close();
		await server.quiet();
	} finally {
		await backend.close();
		await server.close();
	}
}

const context = { signal: new AbortController().signal, apiKey: KEY };

test("a probe opens a connection with the key and the model, sends nothing, and closes it", () =>
	against({}, async (backend, server) => {
		await backend.probe?.(context);
		const peer = await server.peer(0);
		assert.equal([peer.path, peer.headers.authorization], ["/v1/realtime?model=gpt-realtime", `Bearer ${KEY}`]);
		await peer.ended;
		assert.equal(peer.received, []);
	}));

test("a probe with a refused key fails with that error", () =>
	against({ handshake: { status: 401, body: { error: { message: "no" } } } }, async (backend) => {
		assert.is((await failure(backend.probe?.(context) ?? Promise.resolve())).attribution, "credentials");
	}));

test.run();
