import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { OpenChannel } from "../../../src/stream/realtime/session.ts";
import { AUDIO, COMPLETED, code, connected, fixture, readAll, rejection, STARTED, turns } from "./fixture.ts";

test("after the terminal event there is nothing, and no input is taken", async () => {
	const { session, channel } = await connected();
	channel.deliver("end");
	assert.equal(await readAll(session), [{ type: "completed", completed: COMPLETED }]);
	assert.is((await rejection(session.next()))[0], "invalid_request");
	assert.is(code(() => session.tryNext())[0], "invalid_request");
	assert.equal(
		code(() => session.input({ type: "commit" })),
		["invalid_request", "the session is closed: read its last event and drop the handle"],
	);
});

test("drain: no more input, all of it sent, all of it answered", async () => {
	const { session, channel } = await connected();
	channel.block();
	session.input({ type: "append_audio", audio: new Uint8Array(5) });
	session.input({ type: "commit" });
	let drained = false;
	const draining = session.drain().then(() => {
		drained = true;
	});
	await turns();
	assert.is(session.state, "draining");
	assert.equal(
		code(() => session.input({ type: "commit" })),
		["invalid_request", "the session is draining: it takes no more input"],
	);
	channel.unblock();
	await turns();
	assert.equal([channel.sent.length, drained], [2, false]);
	channel.answer();
	await draining;
	assert.is(session.state, "draining");
});

test("drain does not wait for a guest that must read first, and can be asked again", async () => {
	const { session, channel } = await connected();
	channel.deliver(...Array.from({ length: 12 }, (_, i) => AUDIO(i)));
	assert.equal(await rejection(session.drain()), [
		"rate_limited",
		"the receive queue is full; read the events that wait, then drain again",
	]);
	for (let i = 0; i < 12; i++) await session.next();
	channel.answer();
	await session.drain();
});

test("drain of a session that fails meanwhile gives the failure", async () => {
	const { session, channel } = await connected();
	const draining = rejection(session.drain());
	channel.deliver(new SpearError("backend_error", "gone"));
	assert.equal(await draining, ["backend_error", "gone"]);
});

test("a failure of the upstream comes after what had arrived, and only once", async () => {
	const { session, channel, outcomes, ends, clock } = await connected();
	channel.deliver(AUDIO(1), new SpearError("backend_error", "broke off", { retryable: true }));
	assert.equal(await readAll(session), [
		AUDIO(1),
		{ type: "failed", failed: { code: "backend_error", message: "broke off", retryable: true, operation: "realtime_voice" } },
	]);
	session.close();
	session[Symbol.dispose]();
	assert.equal([outcomes, ends.length, clock.pending], [["backend_error"], 1, 0]);
});

test("the idle deadline counts from the last sign of life, either way", async () => {
	const { session, channel, clock } = await connected();
	clock.pass(9_000);
	session.input({ type: "append_audio", audio: new Uint8Array(1) });
	clock.pass(9_000);
	channel.deliver(STARTED);
	await session.next();
	clock.pass(9_999);
	assert.is(session.state, "connected");
	clock.pass(1);
	assert.is(session.state, "failed");
	const last = await session.next();
	assert.ok(last.type === "failed");
	assert.equal([last.failed.code, last.failed.message], ["timeout", "the session was ended: nothing was sent or received for 10000 ms"]);
	assert.is(clock.pending, 0);
});

test("the session deadline ends the liveliest session", async () => {
	const { session, clock } = await connected();
	for (let i = 0; i < 59; i++) {
		clock.pass(1000);
		session.input({ type: "append_audio", audio: new Uint8Array(1) });
		await turns(1);
	}
	assert.is(session.state, "connected");
	clock.pass(1000);
	const last = await session.next();
	assert.ok(last.type === "failed");
	assert.equal(
		[last.failed.code, last.failed.message],
		["timeout", "the session has lasted 60000 ms, the longest this host allows; connect again"],
	);
	assert.is(clock.pending, 0);
});

test("an upstream that does not agree to close is left behind after a while", async () => {
	const { session, channel, clock, signals, outcomes } = await connected();
	channel.agreesToClose = false;
	session.close();
	clock.pass(999);
	assert.is(session.state, "draining");
	clock.pass(1);
	assert.is(session.state, "closed");
	assert.equal(await session.next(), { type: "completed", completed: { ...COMPLETED, duration_ms: 1000 } });
	assert.is(signals[0]?.aborted, true);
	assert.equal([outcomes, clock.pending], [["completed"], 0]);
});

test("dropping the handle ends the session at once and throws away what waits", async () => {
	const { session, channel, clock, signals, outcomes, ends } = await connected();
	channel.deliver(AUDIO(1));
	await turns();
	session[Symbol.dispose]();
	assert.is(session.state, "failed");
	assert.is(signals[0]?.aborted, true);
	assert.is((await rejection(session.next()))[0], "invalid_request");
	assert.equal([outcomes, ends.length, clock.pending], [["cancelled"], 1, 0]);
});

test("the end of the run ends the session", async () => {
	const { session, abort, outcomes } = await connected();
	abort.abort(new SpearError("cancelled", "the run is over"));
	const last = await session.next();
	assert.ok(last.type === "failed");
	assert.equal([last.failed.code, last.failed.message, outcomes], ["cancelled", "the run is over", ["cancelled"]]);
});

test("a configuration or a connection that fails fails the session, whose end is told all the same", async () => {
	const invalid = fixture();
	assert.equal(await rejection(invalid.session.connect(() => Promise.reject(new SpearError("invalid_request", "no")))), [
		"invalid_request",
		"no",
	]);
	assert.equal([invalid.session.state, invalid.ends.length, invalid.outcomes], ["failed", 1, []]);
	const refused = fixture();
	const dial = (): Promise<never> => Promise.reject(new SpearError("backend_error", "refused"));
	assert.equal(await rejection(refused.session.connect(async () => dial)), ["backend_error", "refused"]);
	assert.equal([refused.session.state, refused.ends.length], ["failed", 1]);
});

test("a run that ends while the session connects takes the connection with it", async () => {
	const { session, abort, channel, outcomes } = fixture();
	const dialled = Promise.withResolvers<OpenChannel>();
	const connecting = rejection(session.connect(async () => () => dialled.promise));
	await turns();
	assert.is(session.state, "connecting");
	abort.abort(new SpearError("cancelled", "the run is over"));
	assert.is(session.state, "failed");
	dialled.resolve({ channel, end: (outcome) => void outcomes.push("failure" in outcome ? outcome.failure.code : "completed") });
	assert.equal(await connecting, ["cancelled", "the run is over"]);
	assert.equal(outcomes, ["cancelled"]);
});

test.run();
