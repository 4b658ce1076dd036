import type { IncomingMessage, ServerResponse } from "node:http";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyWatch } from "../../../src/serve/listener/body-watch.ts";

test("time in which the event loop is blocked does not count against a client", async () => {
	let ended = false;
	const socket = {
		bytesRead: 0,
		write: () => true,
		destroySoon: () => {
			ended = true;
		},
	};
	const incoming = { headers: { "content-length": "10" }, socket, readableLength: 0, once: () => incoming };
	const outgoing = { headersSent: false, socket };
	const watch = new BodyWatch(
		() => 400,
		() => performance.now(),
	);
	watch.watch(incoming as unknown as IncomingMessage, outgoing as unknown as ServerResponse);
	const blockedUntil = performance.now() + 1_000;
	while (performance.now() < blockedUntil);
	// The timers that are due fire once.
	await new Promise((resolve) => setTimeout(resolve, 0));
	assert.not.ok(ended);
	while (!ended) await new Promise((resolve) => setTimeout(resolve, 10));
	watch.close();
});

test.run();
