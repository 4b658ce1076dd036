import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, decodeFrame, encodeFrame, FrameType, type Host, type HostEvent, SpearError, UserStreams } from "../../src/index.ts";
import { ECHO, LISTENER } from "../helpers/core-user-guests.ts";
import { assemble, buildTestGuest } from "../helpers/guest.ts";

/** Streams and a microphone as options of a run, with guests that are core modules. */

let host: Host;

test.before(async () => {
	host = await createHost({ config: { host: { log_level: "silent" } } });
});

test.after(() => host.close());

const frameOf = (streamId: number, text: string): Uint8Array => encodeFrame({ streamId, type: FrameType.data, data: Buffer.from(text) });

const textOf = (frame: Uint8Array | undefined): string => (frame === undefined ? "" : Buffer.from(decodeFrame(frame).data).toString());

const refusal = (promise: Promise<unknown>): Promise<SpearError> =>
	promise.then(
		() => assert.unreachable("it was not refused"),
		(error: unknown) => {
			assert.instance(error, SpearError);
			return error as SpearError;
		},
	) as Promise<SpearError>;

test("frames are exchanged while the guest runs, and the close of the streams ends it", async () => {
	const agent = await host.load(await assemble(ECHO));
	const streams = new UserStreams();
	const running = agent.run("", { streams });
	const frames = streams.frames();
	for (const [streamId, text] of [
		[1, "hello"],
		[2, "you"],
		[1, "again"],
	] as const) {
		await streams.send(frameOf(streamId, text));
		const { value } = await frames.next();
		assert.ok(value instanceof Uint8Array);
		assert.equal([decodeFrame(value).streamId, textOf(value)], [streamId, text]);
	}
	streams.close();
	assert.is(await running, "");
	assert.equal(await frames.next(), { done: true, value: undefined });
});

test("an idle guest has answered everything, so that its session can be closed", async () => {
	const agent = await host.load(await assemble(ECHO));
	const streams = new UserStreams();
	const running = agent.run("", { streams });
	const sent = Array.from({ length: 50 }, (_, index) => `frame ${index}`);
	for (const text of sent) await streams.send(frameOf(1, text));
	await streams.whenIdle(1);
	streams.close();
	const received: string[] = [];
	for await (const frame of streams.frames()) received.push(textOf(frame));
	assert.equal(received, sent);
	await running;
	await streams.whenIdle(1);
});

test("an abort ends a guest that waits for its user, and the streams with it", async () => {
	const agent = await host.load(await assemble(ECHO));
	const streams = new UserStreams();
	const abort = new AbortController();
	const running = agent.run("", { streams, signal: abort.signal });
	await streams.send(frameOf(1, "hello"));
	const frames = streams.frames();
	await frames.next();
	abort.abort(new SpearError("cancelled", "enough"));
	assert.is((await refusal(running)).message, "enough");
	assert.is((await frames.next()).done, true);
	assert.is((await refusal(streams.send(frameOf(1, "late")))).code, "cancelled");
});

test("the streams of an instance last until its close", async () => {
	const agent = await host.load(await assemble(ECHO));
	const streams = new UserStreams();
	const instance = await agent.instantiate({ streams });
	const running = instance.run("");
	await streams.send(frameOf(3, "hello"));
	const frames = streams.frames();
	assert.is(textOf((await frames.next()).value ?? undefined), "hello");
	streams.close();
	await running;
	await instance.close();
	assert.is((await frames.next()).done, true);
});

test("streams belong to one run, and end when the run does not start", async () => {
	const agent = await host.load(await assemble(ECHO));
	const streams = new UserStreams();
	assert.is((await refusal(agent.run("", { streams, signal: AbortSignal.abort() }))).code, "cancelled");
	assert.is((await refusal(streams.send(frameOf(1, "late")))).code, "cancelled");
	assert.is((await refusal(agent.run("", { streams }))).code, "invalid_request");
});

test("a guest without a user can open no stream", async () => {
	const agent = await host.load(await assemble(ECHO));
	await agent.run("").then(
		() => assert.unreachable(),
		(error: unknown) => assert.match(String(error), /trapped/),
	);
});

test("a guest hears the microphone, until the sound ends", async () => {
	const agent = await host.load(await assemble(LISTENER));
	async function* sound(): AsyncGenerator<Uint8Array, void, void> {
		yield Buffer.alloc(1_920, 1);
		yield Buffer.alloc(960);
	}
	const lines: string[] = [];
	const onEvent = (event: HostEvent): void => {
		if (event.type === "log") lines.push(event.message);
	};
	await agent.run("", { microphone: sound(), onEvent });
	assert.is(lines.join(""), "..-");
});

test("what cannot be used is refused before the guest starts", async () => {
	const agent = await host.load(await assemble(LISTENER));
	const microphone = { sampleRateHz: 1, audio: (async function* () {})() };
	assert.match((await refusal(agent.run("", { microphone }))).message, /microphone: sampleRateHz must be/);
	const isolated = await host.load(await assemble(ECHO), { isolation: "worker" });
	const streams = new UserStreams();
	assert.match((await refusal(isolated.run("", { streams }))).message, /a guest in a worker has neither streams nor a microphone/);
	await agent.run("", { streams }).catch(() => {});
});

test("a component has neither streams nor a microphone, wherever it runs, and leaves the streams to another run", async () => {
	const { component } = await buildTestGuest("export function run(input: string) { return input; }");
	const streams = new UserStreams();
	for (const isolation of ["shared", "worker"] as const) {
		const agent = await host.load(component, { isolation });
		const refused = await refusal(agent.run("", { streams }));
		assert.is(refused.code, "invalid_request");
		assert.match(refused.message, /^streams: a component has neither streams nor a microphone/);
		const microphone = (async function* () {})();
		assert.match((await refusal(agent.instantiate({ microphone }))).message, /^microphone: a component has/);
	}
	streams.close();
	await (await host.load(await assemble(ECHO))).run("", { streams });
});

test.run();
