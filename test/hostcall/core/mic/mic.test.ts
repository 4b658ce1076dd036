import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EAGAIN, EBADF, EINVAL, EIO, ENOMEM } from "../../../../generated/hostcall/core/errno.ts";
import type { Config, MicStatus } from "../../../../generated/hostcall/core/mic.ts";
import { soundOf } from "../../../../src/hostcall/core/mic/microphone.ts";
import { type CoreFixture, type CoreFixtureOptions, coreCalls } from "../../../helpers/core-calls.ts";
import { settled as turn } from "../../../helpers/fake-clock.ts";

/** The microphone of a guest: an artificial source, and the embedder's sound. */

function status({ mic }: CoreFixture, fd: number): MicStatus {
	const answer = mic.getStatus(fd);
	assert.ok(typeof answer === "object");
	return answer;
}

function mask({ poll }: CoreFixture, fd: number): readonly string[] {
	const answer = poll.getStatus(fd);
	assert.ok(typeof answer === "object");
	return answer.poll_mask;
}

/** Reads all frames that wait. */
function readAll({ mic }: CoreFixture, fd: number): Buffer[] {
	const frames: Buffer[] = [];
	for (let front = mic.read(fd); typeof front === "object"; front = mic.read(fd)) {
		frames.push(Buffer.from(front.item));
		front.remove();
	}
	return frames;
}

/** Samples as 16-bit sound. */
const pcm = (...samples: number[]): Buffer => Buffer.from(Int16Array.from(samples).buffer);

/** A sound whose chunks the test hands over. */
class Sound implements AsyncIterable<Uint8Array> {
	readonly #chunks: (Uint8Array | Error | undefined)[] = [];
	#wake = Promise.withResolvers<void>();
	iterations = 0;
	returns = 0;

	/** Adds a chunk, a failure, or the end. */
	add(chunk: Uint8Array | Error | undefined): void {
		this.#chunks.push(chunk);
		this.#wake.resolve();
	}

	[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
		this.iterations += 1;
		return {
			next: async () => {
				while (this.#chunks.length === 0) {
					this.#wake = Promise.withResolvers();
					await this.#wake.promise;
				}
				const chunk = this.#chunks.shift();
				if (chunk instanceof Error) throw chunk;
				return chunk === undefined ? { done: true, value: undefined } : { done: false, value: chunk };
			},
			return: async () => {
				this.returns += 1;
				return { done: true, value: undefined };
			},
		};
	}
}

function withSound(sampleRateHz = 24_000, channels = 1, options: CoreFixtureOptions = {}): CoreFixture & { readonly sound: Sound } {
	const sound = new Sound();
	return { ...coreCalls({ ...options, microphone: { sampleRateHz, channels, audio: sound } }), sound };
}

/** One frame at 8,000 Hz with 10 ms: 80 samples. */
const SMALL: Config = { sample_rate_hz: 8_000, frame_ms: 10 };
const SMALL_FRAME = 160;

/** Resolves after several turns of the event loop: a source takes one before each chunk, and busy processes take more. */
async function settled(): Promise<void> {
	for (let turns = 0; turns < 5; turns += 1) await turn();
}

test("a microphone is off at first", () => {
	const guest = coreCalls();
	const fd = guest.mic.create();
	assert.is(guest.mic.read(fd), EAGAIN);
	assert.equal(mask(guest, fd), []);
	assert.equal(status(guest, fd), {
		running: false,
		last_error: undefined,
		queue_bytes: 0,
		max_queue_bytes: 524_288,
		dropped_frames: 0,
		generation: 0,
		config: undefined,
	});
});

test("the artificial source gives a frame of silence at each multiple of its length, without drift", async () => {
	const guest = coreCalls();
	const fd = guest.mic.create();
	assert.is(guest.mic.setParam(fd, { source: "stub" }), 0);
	await guest.scope.clock.advance(19);
	assert.equal(readAll(guest, fd), []);
	await guest.scope.clock.advance(1);
	assert.equal(mask(guest, fd), ["EPOLLIN"]);
	assert.equal(readAll(guest, fd), [Buffer.alloc(960)]);
	await guest.scope.clock.advance(33);
	assert.is(readAll(guest, fd).length, 1);
	await guest.scope.clock.advance(7);
	assert.is(readAll(guest, fd).length, 1);
	await guest.scope.clock.advance(940);
	assert.is(readAll(guest, fd).length, 47);
	guest.mic.close(fd);
	assert.is(guest.scope.clock.pending, 0);
});

test("the artificial source repeats its sound across frames of any length", async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), async (sound, samples) => {
			const guest = coreCalls();
			const fd = guest.mic.create();
			const stub_pcm16_base64 = Buffer.from(sound).toString("base64");
			assert.is(guest.mic.setParam(fd, { source: "stub", sample_rate_hz: 1_000, frame_ms: samples, stub_pcm16_base64 }), 0);
			guest.scope.clock.pass(samples * 10);
			const heard = Buffer.concat(readAll(guest, fd));
			assert.is(heard.byteLength, samples * 20);
			for (const [index, byte] of heard.entries()) assert.is(byte, sound[index % sound.byteLength]);
		}),
		{ numRuns: 50 },
	);
});

test("an epoll wakes for each frame of the artificial source", async () => {
	const guest = coreCalls();
	const fd = guest.mic.create();
	guest.mic.setParam(fd, { source: "stub" });
	const epoll = guest.poll.create();
	guest.poll.control(epoll, 1, fd, 1);
	for (let count = 0; count < 3; count += 1) {
		const waiting = guest.poll.wait(epoll, 8, -1);
		await guest.scope.clock.advance(20);
		assert.equal(await waiting, [{ fd, events: 1 }]);
		assert.is(readAll(guest, fd).length, 1);
	}
});

test("frames beyond the limit drop the oldest, and are counted", async () => {
	const guest = coreCalls();
	const fd = guest.mic.create();
	const stub_pcm16_base64 = pcm(...Array.from({ length: 800 }, (_, index) => index)).toString("base64");
	guest.mic.setParam(fd, { ...SMALL, source: "stub", max_queue_bytes: 3 * SMALL_FRAME + 1, stub_pcm16_base64 });
	await guest.scope.clock.advance(75);
	assert.is(status(guest, fd).queue_bytes, 3 * SMALL_FRAME);
	assert.is(status(guest, fd).dropped_frames, 4);
	assert.equal(
		readAll(guest, fd).map((frame) => frame.readInt16LE(0)),
		[320, 400, 480],
	);
});

test("settings outside the bounds are refused, whatever they would take", () => {
	const guest = coreCalls();
	const fd = guest.mic.create();
	const huge = 4_000_000_000;
	const refused: Config[] = [
		{ sample_rate_hz: huge },
		{ frame_ms: huge },
		{ channels: huge },
		{ sample_rate_hz: huge, frame_ms: huge, channels: huge, max_queue_bytes: huge },
		{ sample_rate_hz: 0 },
		{ channels: 0 },
		{ sample_rate_hz: 10 },
		{ stub_pcm16_base64: "no base64" },
		{ stub_pcm16_base64: "AAA" },
		{ stub_pcm16_base64: "A".repeat(14_000_000) },
	];
	for (const config of refused) assert.is(guest.mic.setParam(fd, { ...config, source: "stub" }), EINVAL);
	assert.is(status(guest, fd).generation, 0);
	assert.is(guest.mic.setParam(fd, { source: "stub", max_queue_bytes: huge }), 0);
	assert.is(status(guest, fd).max_queue_bytes, 8_388_608);
	assert.is(guest.mic.setParam(fd, { source: "stub", frame_ms: 0 }), 0);
	assert.is(status(guest, fd).config?.frame_ms, 20);
});

test("the sound of an artificial source counts in the account of the guest", () => {
	const guest = coreCalls({ maxBytes: 1_000_000 });
	const stub_pcm16_base64 = Buffer.alloc(300_000).toString("base64");
	const fds = Array.from({ length: 8 }, () => guest.mic.create());
	const results = fds.map((fd) => guest.mic.setParam(fd, { source: "stub", stub_pcm16_base64 }));
	assert.equal([results[0], results.at(-1)], [0, ENOMEM]);
	assert.equal(mask(guest, fds.at(-1) ?? 0), ["EPOLLERR"]);
	for (const fd of fds) guest.mic.close(fd);
	assert.is(guest.account.report().used, 0);
});

test("without a device the artificial source is used, unless that is forbidden", () => {
	const guest = coreCalls();
	const fd = guest.mic.create();
	assert.is(guest.mic.setParam(fd, { fallback: { to_stub: false } }), EIO);
	assert.equal(mask(guest, fd), ["EPOLLERR"]);
	const { running, last_error, generation, config } = status(guest, fd);
	assert.equal([running, last_error, generation], [false, "there is no device", 1]);
	assert.equal(config, { sample_rate_hz: 24_000, channels: 1, frame_ms: 20, format: "pcm16" });
	assert.is(guest.mic.setParam(fd, {}), 0);
	assert.equal(mask(guest, fd), []);
	assert.equal([status(guest, fd).running, status(guest, fd).last_error, status(guest, fd).generation], [true, undefined, 2]);
});

test("the embedder's sound comes in frames, no faster than it is heard", async () => {
	const guest = withSound(8_000);
	const { sound, scope } = guest;
	const fd = guest.mic.create();
	assert.is(guest.mic.setParam(fd, { ...SMALL, fallback: { to_stub: false } }), 0);
	sound.add(pcm(...Array.from({ length: 200 }, (_, index) => index)));
	sound.add(pcm(...Array.from({ length: 200 }, (_, index) => 200 + index)));
	await settled();
	assert.equal(
		readAll(guest, fd).map((frame) => frame.readInt16LE(0)),
		[0],
	);
	for (const first of [80, 160, 240, 320]) {
		await scope.clock.advance(9);
		assert.equal(readAll(guest, fd), []);
		await scope.clock.advance(1);
		const [frame] = readAll(guest, fd);
		assert.equal(frame, pcm(...Array.from({ length: 80 }, (_, index) => first + index)));
	}
	await scope.clock.advance(5_000);
	sound.add(pcm(...new Array(160).fill(7)));
	await settled();
	assert.is(readAll(guest, fd).length, 2, "sound that comes late is not held back");
});

test("the end of the sound is filled up with silence, and shows once all frames were read", async () => {
	const guest = withSound(8_000);
	const fd = guest.mic.create();
	guest.mic.setParam(fd, SMALL);
	guest.sound.add(pcm(...new Array(100).fill(5)));
	guest.sound.add(undefined);
	await settled();
	await guest.scope.clock.advance(10);
	assert.equal(mask(guest, fd), ["EPOLLIN"]);
	assert.is(status(guest, fd).running, false);
	const frames = readAll(guest, fd);
	assert.equal(frames[1], Buffer.concat([pcm(...new Array(20).fill(5)), Buffer.alloc(120)]));
	assert.equal(mask(guest, fd), ["EPOLLHUP"]);
	assert.is(guest.mic.read(fd), EAGAIN);
	assert.is(guest.scope.clock.pending, 0);
});

test("a failure of the sound is an error of the microphone, whose reason only the log has", async () => {
	const guest = withSound(8_000);
	const fd = guest.mic.create();
	guest.mic.setParam(fd, SMALL);
	guest.sound.add(pcm(...new Array(80).fill(5)));
	guest.sound.add(new Error("secret-device.example is gone"));
	await settled();
	assert.equal(mask(guest, fd), ["EPOLLIN", "EPOLLERR"]);
	assert.is(status(guest, fd).last_error, "the microphone has failed");
	assert.is(guest.scope.logged[0]?.message, "the sound of the microphone has failed");
	assert.is(readAll(guest, fd).length, 1);
	assert.is(guest.mic.setParam(fd, { fallback: { to_stub: false } }), EIO);
	assert.is(guest.mic.setParam(fd, SMALL), 0);
	assert.is(status(guest, fd).running, true);
});

test("other settings begin anew with an empty queue, and the sound goes on where it is", async () => {
	const guest = withSound(8_000);
	const fd = guest.mic.create();
	guest.mic.setParam(fd, SMALL);
	guest.sound.add(pcm(...new Array(400).fill(1)));
	await guest.scope.clock.advance(20);
	assert.is(guest.mic.setParam(fd, { sample_rate_hz: 8_000, channels: 2, frame_ms: 10 }), 0);
	assert.equal(readAll(guest, fd), []);
	guest.sound.add(pcm(...new Array(80).fill(16_384)));
	await settled();
	await settled();
	assert.equal(readAll(guest, fd), [pcm(...new Array(160).fill(16_384))]);
	const { generation, config } = status(guest, fd);
	assert.equal([generation, config?.channels, guest.sound.iterations, guest.sound.returns], [2, 2, 1, 0]);
	guest.mic.setParam(fd, { source: "stub" });
	assert.is(guest.sound.returns, 1);
});

test("a guest that does not read loses the oldest frames of the sound", async () => {
	const guest = withSound(8_000);
	const fd = guest.mic.create();
	guest.mic.setParam(fd, { ...SMALL, max_queue_bytes: 2 * SMALL_FRAME });
	for (let value = 0; value < 5; value += 1) guest.sound.add(pcm(...new Array(80).fill(value)));
	await guest.scope.clock.advance(100);
	assert.is(status(guest, fd).dropped_frames, 3);
	assert.equal(
		readAll(guest, fd).map((frame) => frame.readInt16LE(0)),
		[3, 4],
	);
});

test("one microphone uses the device, until it is closed", async () => {
	const guest = withSound();
	const [first, second] = [guest.mic.create(), guest.mic.create()];
	const config: Config = { fallback: { to_stub: false } };
	assert.is(guest.mic.setParam(first, config), 0);
	assert.is(guest.mic.setParam(second, config), EIO);
	assert.is(status(guest, second).last_error, "the device is in use");
	await settled();
	guest.mic.close(first);
	assert.is(guest.sound.returns, 1);
	assert.is(guest.mic.setParam(second, config), 0);
	await settled();
	assert.is(guest.sound.iterations, 2);
	assert.is(guest.mic.getStatus(first), EBADF);
});

test("the end of the run and its abort stop the sound, once", async () => {
	const closed = withSound();
	closed.mic.setParam(closed.mic.create(), {});
	await settled();
	closed[Symbol.dispose]();
	assert.is(closed.sound.returns, 1);
	const aborted = withSound(8_000);
	aborted.mic.setParam(aborted.mic.create(), SMALL);
	aborted.sound.add(pcm(...new Array(800).fill(1)));
	await settled();
	aborted.scope.abort.abort();
	await settled();
	aborted[Symbol.dispose]();
	assert.is(aborted.sound.returns, 1);
	assert.is(aborted.scope.clock.pending, 0);
	assert.is(aborted.account.report().used, 0);
});

test("the sound is changed to the rate and the channels that the guest asks for", async () => {
	const guest = withSound(48_000, 2);
	const fd = guest.mic.create();
	guest.mic.setParam(fd, { sample_rate_hz: 24_000, frame_ms: 100 });
	const tone = Array.from({ length: 48_000 }, (_, index) => Math.round(16_000 * Math.sin((2 * Math.PI * 440 * index) / 48_000)));
	guest.sound.add(pcm(...tone.flatMap((sample) => [sample, sample])));
	guest.sound.add(undefined);
	await guest.scope.clock.advance(1_000);
	await settled();
	await settled();
	const heard = Buffer.concat(readAll(guest, fd));
	assert.is(heard.byteLength, 48_000);
	let error = 0;
	for (let index = 1_000; index < 23_000; index += 1)
		error = Math.max(error, Math.abs(heard.readInt16LE(2 * index) - (tone[2 * index] ?? 0)));
	assert.ok(error < 16, `off by ${error}`);
});

test("chunks may end within a sample", async () => {
	const guest = withSound(8_000);
	const fd = guest.mic.create();
	guest.mic.setParam(fd, SMALL);
	const sound = pcm(...Array.from({ length: 80 }, (_, index) => index * 300));
	for (let at = 0; at < sound.byteLength; at += 7) guest.sound.add(sound.subarray(at, at + 7));
	for (let count = 0; count < 40; count += 1) await settled();
	assert.equal(readAll(guest, fd), [sound]);
});

test("a device has the sound of real devices only", () => {
	const guest = withSound();
	const fd = guest.mic.create();
	const refused: Config[] = [{ format: "opus" }, { sample_rate_hz: 4_000 }, { sample_rate_hz: 384_000 }, { channels: 9 }];
	for (const config of refused) assert.is(guest.mic.setParam(fd, { ...config, fallback: { to_stub: false } }), EIO);
	assert.match(status(guest, fd).last_error ?? "", /up to 8 channels/);
});

test("a sound of no time and no end blocks nobody", async () => {
	async function* flood(): AsyncGenerator<Uint8Array, void, void> {
		for (;;) yield new Uint8Array(0);
	}
	const guest = coreCalls({ microphone: { sampleRateHz: 24_000, audio: flood() } });
	guest.mic.setParam(guest.mic.create(), {});
	for (let count = 0; count < 3; count += 1) await settled();
	guest[Symbol.dispose]();
});

test("a chunk that is no bytes fails the microphone", async () => {
	async function* wrong(): AsyncGenerator<never, void, void> {
		yield "sound" as never;
	}
	const guest = coreCalls({ microphone: { sampleRateHz: 24_000, audio: wrong() } });
	const fd = guest.mic.create();
	guest.mic.setParam(fd, {});
	await settled();
	assert.match(status(guest, fd).last_error ?? "", /chunks must be Uint8Arrays/);
});

test("a microphone of the embedder has a rate, channels and an iterable", () => {
	const audio = new Sound();
	assert.equal(soundOf(audio), { sampleRateHz: 24_000, channels: 1, audio });
	for (const bad of [
		{ sampleRateHz: 7_999 },
		{ sampleRateHz: 200_000 },
		{ sampleRateHz: 24_000.5 },
		{ channels: 0 },
		{ channels: 65 },
		{ audio: [] },
	]) {
		assert.throws(() => soundOf({ sampleRateHz: 24_000, audio, ...bad } as never), /microphone: /);
	}
});

test.run();
