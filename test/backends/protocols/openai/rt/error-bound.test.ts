/** Sessions whose server reports failures and nothing else. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RealtimeVoiceChannel } from "../../../../../generated/backends/realtime-voice.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { answerEvents, greet, type SessionBehaviour, type WireEvent } from "../../../../helpers/realtime-server.ts";
import { against } from "./fixture.ts";

const failures = (count: number): WireEvent[] => Array.from({ length: count }, () => ({ type: "error", error: { message: "no" } }));

/** Returns the number of warnings of a session, and its failure. */
async function observe({ events }: RealtimeVoiceChannel): Promise<{ warnings: number; failure: SpearError | undefined }> {
	let warnings = 0;
	try {
		for await (const { type } of events) if (type === "warning") warnings += 1;
	} catch (thrown) {
		return { warnings, failure: SpearError.from(thrown) };
	}
	return { warnings, failure: undefined };
}

/** Runs a session with `texts` of the guest, whose answers `server` gives, until the server or the host ends the session. */
async function session(server: SessionBehaviour, texts = 0): Promise<{ warnings: number; failure: SpearError | undefined }> {
	let result: ReturnType<typeof observe> | undefined;
	await against(greet(server), async (connect) => {
		const { channel } = await connect();
		for (let text = 0; text < texts; text++) await channel.send({ type: "send_text", text: "hi" });
		result = observe(channel);
		await result;
		await channel.close();
	});
	if (result === undefined) throw new Error("the session did not run");
	return result;
}

test("a session fails when its server reports a hundred failures that nothing caused, and another one", async () => {
	const { warnings, failure } = await session((peer) => peer.send(...failures(20_000)));
	assert.is(warnings, 100);
	assert.equal([failure?.code, failure?.attribution, failure?.retryable], ["backend_error", "backend", false]);
	assert.is(
		failure?.message,
		"the session was ended, because the backend reported 101 failures and nothing else; the latest: the backend failed: no",
	);
});

test("a session goes on when its server reports failures between other events", async () => {
	const { warnings, failure } = await session(async (peer) => {
		for (let round = 0; round < 5; round++) await peer.send(...failures(100), ...answerEvents(`r${round}`, []));
		peer.close();
	});
	assert.equal([warnings, failure], [500, undefined]);
});

test("a failure for each event of the client is not counted", async () => {
	const { warnings, failure } = await session(async (peer) => {
		// A text is an item and, for the first one, the request for a response.
		for (let item = 0; item < 200; item++) await peer.next("conversation.item.create");
		await peer.send(...failures(300), ...answerEvents("r", []));
		peer.close();
	}, 200);
	assert.equal([warnings, failure], [300, undefined]);
});

test.run();
