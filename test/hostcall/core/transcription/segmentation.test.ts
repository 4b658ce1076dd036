import { test } from "uvu";
import * as assert from "uvu/assert";
import { EINVAL } from "../../../../generated/hostcall/core/errno.ts";
import type { Autoflush, Segmentation } from "../../../../generated/hostcall/core/transcription.ts";
import { coreTranscription } from "../../../helpers/core-transcription.ts";
import { settled } from "../../../helpers/fake-clock.ts";

/** Returns a segmentation as the guest reads it: as JSON. */
function readBack(asked: Autoflush): unknown {
	const { rtasr, open } = coreTranscription();
	const fd = open();
	const status = rtasr.setAutoflush(fd, asked);
	return status === 0 ? JSON.parse(JSON.stringify(rtasr.getAutoflush(fd))) : status;
}

test("a new session leaves the ends of utterances to the upstream", () => {
	const { rtasr, open } = coreTranscription();
	const expected: Segmentation = {
		strategy: "server_vad",
		flush_on_close: false,
		vad: { silence_ms: 500, threshold: 0.5, prefix_padding_ms: 300 },
	};
	assert.equal(rtasr.getAutoflush(open()), expected);
});

const STRATEGIES: readonly [Autoflush, object][] = [
	[{ strategy: "manual" }, { strategy: "manual", flush_on_close: false }],
	[
		{ strategy: "off", flush_on_close: true },
		{ strategy: "manual", flush_on_close: true },
	],
	[{ strategy: "server_vad" }, { strategy: "server_vad", flush_on_close: false, vad: { silence_ms: 500 } }],
	[
		{ strategy: "server_vad", vad: { silence_ms: 600, threshold: 0.4, prefix_padding_ms: 100 } },
		{ strategy: "server_vad", flush_on_close: false, vad: { silence_ms: 600, threshold: 0.4, prefix_padding_ms: 100 } },
	],
	[{ strategy: "client_commit" }, { strategy: "client_commit", flush_on_close: false, client_commit: { min_flush_gap_ms: 500 } }],
	[
		{ strategy: "client_commit", client_commit: { flush_interval_ms: 1, max_buffer_bytes: 2, silence_ms: 3, min_flush_gap_ms: 4 } },
		{
			strategy: "client_commit",
			flush_on_close: false,
			client_commit: { flush_interval_ms: 1, max_buffer_bytes: 2, silence_ms: 3, min_flush_gap_ms: 4 },
		},
	],
];

for (const [asked, expected] of STRATEGIES) {
	test(`the strategy ${JSON.stringify(asked)} has its defaults`, () => assert.equal(readBack(asked), expected));
}

const VAD = { threshold: 0.5, prefix_padding_ms: 300 };
const OLDER: readonly [Autoflush, object][] = [
	[{}, { strategy: "manual", flush_on_close: false }],
	[
		{ enabled: false, mode: "silence" },
		{ strategy: "manual", flush_on_close: false },
	],
	[
		{ enabled: true, mode: "off" },
		{ strategy: "manual", flush_on_close: false },
	],
	[
		{ enabled: true, mode: "silence", silence_ms: 700, flush_interval_ms: 9 },
		{ strategy: "server_vad", flush_on_close: false, vad: { silence_ms: 700, ...VAD } },
	],
	[
		{ enabled: true, mode: "silence", flush_interval_ms: 900 },
		{ strategy: "server_vad", flush_on_close: false, vad: { silence_ms: 900, ...VAD } },
	],
	[
		{ enabled: true, mode: "silence" },
		{ strategy: "server_vad", flush_on_close: false, vad: { silence_ms: 500, ...VAD } },
	],
	[
		{ enabled: true, mode: "bytes", max_buffer_bytes: 100, flush_on_close: true },
		{ strategy: "client_commit", flush_on_close: true, client_commit: { max_buffer_bytes: 100, min_flush_gap_ms: 500 } },
	],
	[
		{ enabled: true, mode: "time", flush_interval_ms: 100, min_flush_gap_ms: 5 },
		{ strategy: "client_commit", flush_on_close: false, client_commit: { flush_interval_ms: 100, min_flush_gap_ms: 5 } },
	],
];

for (const [asked, expected] of OLDER) {
	test(`the older form ${JSON.stringify(asked)} is a strategy`, () => assert.equal(readBack(asked), expected));
}

test("another strategy is refused and changes nothing", () => {
	const { rtasr, open } = coreTranscription();
	const fd = open();
	rtasr.setAutoflush(fd, { strategy: "manual" });
	assert.is(rtasr.setAutoflush(fd, { strategy: "telepathy" }), EINVAL);
	assert.equal(rtasr.getAutoflush(fd), { strategy: "manual", flush_on_close: false });
});

test("only server_vad leaves the ends of utterances to the upstream", async () => {
	const turnDetectionOf = async (asked: Autoflush): Promise<unknown> => {
		const core = coreTranscription();
		const fd = core.open({ transport: "websocket" });
		core.rtasr.setAutoflush(fd, asked);
		core.rtasr.connect(fd);
		await settled();
		const payload = core.calls[0]?.payload;
		return payload !== undefined && "mode" in payload ? payload.turn_detection : undefined;
	};
	assert.equal(await turnDetectionOf({ strategy: "manual" }), { type: "manual" });
	assert.equal(await turnDetectionOf({ strategy: "client_commit" }), { type: "manual" });
	assert.equal(await turnDetectionOf({ strategy: "server_vad", vad: { silence_ms: 600 } }), {
		type: "server_vad",
		server_vad: { threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 600 },
	});
});

/** A connected session that ends utterances by these rules. Returns functions that write audio and pass time. */
async function commits(client_commit: NonNullable<Autoflush["client_commit"]>) {
	const core = coreTranscription();
	const { fd, channel } = await core.connected();
	core.rtasr.setAutoflush(fd, { strategy: "client_commit", client_commit });
	return {
		core,
		fd,
		channel,
		clock: core.scope.clock,
		write: (bytes: number) => core.rtasr.write(fd, new Uint8Array(bytes)),
		async count(): Promise<number> {
			await settled();
			return channel.sent.filter(({ type }) => type === "commit").length;
		},
	};
}

test("silence ends an utterance, and each audio puts the end off", async () => {
	const { write, clock, count } = await commits({ silence_ms: 300, min_flush_gap_ms: 0 });
	const { pending } = clock;
	write(10);
	clock.pass(299);
	write(10);
	clock.pass(299);
	assert.is(await count(), 0);
	clock.pass(1);
	assert.is(await count(), 1);
	clock.pass(10_000);
	assert.is(await count(), 1);
	assert.is(clock.pending, pending);
});

test("an interval ends an utterance, counted from its first audio", async () => {
	const { write, clock, count } = await commits({ flush_interval_ms: 1_000, min_flush_gap_ms: 0 });
	clock.pass(5_000);
	write(10);
	for (let passed = 0; passed < 900; passed += 100) {
		clock.pass(100);
		write(10);
	}
	assert.is(await count(), 0);
	clock.pass(100);
	assert.is(await count(), 1);
});

test("enough audio ends an utterance at once, but not before the shortest gap", async () => {
	const { write, clock, count } = await commits({ max_buffer_bytes: 100 });
	write(99);
	assert.is(await count(), 0);
	write(1);
	assert.is(await count(), 1);
	write(500);
	assert.is(await count(), 1);
	clock.pass(499);
	assert.is(await count(), 1);
	clock.pass(1);
	assert.is(await count(), 2);
});

test("an end that the guest sets starts the gap, and without audio there is no end", async () => {
	const { write, clock, count, core, fd } = await commits({ max_buffer_bytes: 10, silence_ms: 50, min_flush_gap_ms: 500 });
	write(5);
	core.rtasr.flush(fd);
	core.rtasr.flush(fd);
	assert.is(await count(), 1);
	write(20);
	clock.pass(400);
	assert.is(await count(), 1);
	clock.pass(100);
	assert.is(await count(), 2);
	write(5);
	core.rtasr.clear(fd);
	clock.pass(10_000);
	assert.is(await count(), 2);
});

test("without rules, and by other strategies, no utterance is ended", async () => {
	const { write, clock, count, core, fd } = await commits({});
	write(1_000_000);
	clock.pass(100_000);
	assert.is(await count(), 0);
	core.rtasr.setAutoflush(fd, { strategy: "client_commit", client_commit: { silence_ms: 100 } });
	assert.is(await count(), 1);
	write(10);
	core.rtasr.setAutoflush(fd, { strategy: "manual" });
	clock.pass(100_000);
	assert.is(await count(), 1);
});

test("an end that does not fit into the queue follows when there is room", async () => {
	const core = coreTranscription();
	const { fd, channel } = await core.connected({ max_send_queue_bytes: 1_000 });
	core.rtasr.setAutoflush(fd, { strategy: "client_commit", client_commit: { max_buffer_bytes: 1_500, min_flush_gap_ms: 0 } });
	channel.block();
	core.rtasr.write(fd, new Uint8Array(1_000));
	await settled();
	core.rtasr.write(fd, new Uint8Array(1_000));
	await settled();
	assert.is(channel.sent.length, 0);
	channel.unblock();
	await settled();
	assert.equal(
		channel.sent.map(({ type }) => type),
		["append_audio", "append_audio", "commit"],
	);
});

test("the end of a session cancels its timer", async () => {
	const { write, clock, core, fd } = await commits({ silence_ms: 300 });
	write(10);
	assert.ok(clock.pending > 0);
	core.rtasr.close(fd);
	await settled();
	assert.is(clock.pending, 0);
});

test.run();
