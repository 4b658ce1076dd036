import { setTimeout } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EAGAIN, EBADF, EINVAL, ENOMEM, ENOTCONN, EPIPE, type Errno, type Front } from "../../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import { Direction } from "../../../../generated/hostcall/core/user-stream.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { encodeFrame, MAX_FRAME_BYTES } from "../../../../src/hostcall/core/user-stream/frame.ts";
import { UserStreams } from "../../../../src/hostcall/core/user-stream/user-streams.ts";
import { type CoreFixture, type CoreFixtureOptions, coreCalls } from "../../../helpers/core-calls.ts";
import { settled } from "../../../helpers/fake-clock.ts";

/** Streams between the guest and its user: what each side sees of the other. */

const { inbound: READ, outbound: WRITE, bidirectional: BOTH } = Direction;
const { epollin: IN, epollout: OUT, epollhup: HUP } = Events;

interface Fixture extends CoreFixture {
	readonly streams: UserStreams;
}

function fixture(options: CoreFixtureOptions = {}, streams = new UserStreams()): Fixture {
	return { ...coreCalls({ ...options, streams: streams.attach() }), streams };
}

const dataFrame = (streamId: number, text: string): Uint8Array => encodeFrame({ streamId, type: 2, data: Buffer.from(text) });

/** A frame of that many bytes. */
const sized = (streamId: number, bytes: number): Uint8Array => encodeFrame({ streamId, type: 2, data: new Uint8Array(bytes - 32) });

/** Takes what is at the front, as the binding does after it has written it to the guest's memory. */
function take<T>(front: Front<T> | Errno): T | Errno {
	if (typeof front === "number") return front;
	front.remove();
	return front.item;
}

function mask({ poll }: CoreFixture, fd: number): readonly string[] {
	const status = poll.getStatus(fd);
	assert.ok(typeof status === "object");
	return status.poll_mask;
}

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
	promise.then(
		() => assert.unreachable("it was not refused"),
		(error: unknown) => error,
	);

test("a frame goes from the user to the guest and back", async () => {
	const { userStream, streams } = fixture();
	const fd = userStream.open(1, BOTH);
	await streams.send(dataFrame(1, "hello"));
	const frame = take(userStream.read(fd));
	assert.ok(frame instanceof Uint8Array);
	assert.equal(Buffer.from(frame), Buffer.from(dataFrame(1, "hello")));
	assert.is(userStream.write(fd, frame), 0);
	const { value } = await streams.frames().next();
	assert.equal(value, frame);
});

test("a frame stays at the front until it is taken", async () => {
	const { userStream, streams } = fixture();
	const fd = userStream.open(1, READ);
	await streams.send(dataFrame(1, "a"));
	const first = userStream.read(fd);
	const again = userStream.read(fd);
	assert.ok(typeof first === "object" && typeof again === "object");
	assert.is(first.item, again.item);
	first.remove();
	assert.is(userStream.read(fd), EAGAIN);
});

test("opening checks number and direction, and needs a user", () => {
	const { userStream } = fixture();
	assert.is(userStream.open(-1, BOTH), EINVAL);
	for (const direction of [0, 4, -1]) assert.is(userStream.open(1, direction), EINVAL);
	const alone = coreCalls().userStream;
	assert.is(alone.open(-1, BOTH), EINVAL);
	assert.is(alone.open(1, BOTH), ENOTCONN);
	assert.is(alone.ctlOpen(), ENOTCONN);
});

test("a frame is checked before the state of the stream", async () => {
	const { userStream, streams } = fixture();
	const fd = userStream.open(1, WRITE);
	assert.is(userStream.write(fd, new Uint8Array(10)), EINVAL);
	assert.is(userStream.write(fd, dataFrame(2, "other")), EINVAL);
	assert.is(userStream.write(fd, dataFrame(1, "early")), ENOTCONN);
	await streams.send(dataFrame(1, "here"));
	assert.is(userStream.write(fd, dataFrame(1, "now")), 0);
	const large = Buffer.concat([sized(1, MAX_FRAME_BYTES), Buffer.alloc(1)]);
	large.writeUInt32LE(MAX_FRAME_BYTES - 31, 28);
	assert.is(userStream.write(fd, large), EINVAL);
	assert.is(userStream.read(fd), EINVAL);
	const reader = userStream.open(1, READ);
	assert.is(userStream.write(reader, dataFrame(1, "no")), EINVAL);
	streams.close();
	assert.is(userStream.write(fd, new Uint8Array(10)), EINVAL);
	assert.is(userStream.write(fd, dataFrame(1, "late")), EPIPE);
	userStream.close(fd);
	assert.is(userStream.write(fd, dataFrame(1, "closed")), EBADF);
	assert.is(userStream.read(fd), EBADF);
});

test("descriptors of one stream share its frames, and show what each may do", async () => {
	const guest = fixture();
	const { userStream, streams } = guest;
	const [reader, writer, both] = [READ, WRITE, BOTH].map((direction) => userStream.open(1, direction)) as [number, number, number];
	for (const fd of [reader, writer, both]) assert.equal(mask(guest, fd), []);
	await streams.send(dataFrame(1, "a"));
	assert.equal(mask(guest, reader), ["EPOLLIN"]);
	assert.equal(mask(guest, writer), ["EPOLLOUT"]);
	assert.equal(mask(guest, both), ["EPOLLIN", "EPOLLOUT"]);
	take(userStream.read(both));
	assert.equal(mask(guest, reader), []);
	streams.close();
	for (const fd of [reader, writer, both]) assert.equal(mask(guest, fd), ["EPOLLHUP"]);
});

test("frames wait beyond the end of the user, and an empty stream is not ready for reading ever after", async () => {
	const guest = fixture();
	const { userStream, streams } = guest;
	const fd = userStream.open(1, BOTH);
	await streams.send(dataFrame(1, "last"));
	streams.close();
	assert.equal(mask(guest, fd), ["EPOLLIN", "EPOLLHUP"]);
	take(userStream.read(fd));
	assert.is(userStream.read(fd), EAGAIN);
	assert.equal(mask(guest, fd), ["EPOLLHUP"]);
	const late = userStream.open(2, BOTH);
	assert.equal(mask(guest, late), ["EPOLLHUP"]);
	assert.is(userStream.write(late, dataFrame(2, "x")), EPIPE);
});

test("an event comes with each frame, and one with the end of the user", async () => {
	const guest = fixture();
	const { userStream, streams } = guest;
	const ctl = userStream.ctlOpen();
	await streams.send(dataFrame(5, "a"));
	await streams.send(dataFrame(5, "b"));
	streams.close();
	assert.equal(mask(guest, ctl), ["EPOLLIN"]);
	const events = [0, 1, 2].map(() => take(userStream.ctlRead(ctl)));
	assert.equal(events, [
		{ stream_id: 5, kind: 1 },
		{ stream_id: 5, kind: 1 },
		{ stream_id: 0, kind: 2 },
	]);
	assert.is(userStream.ctlRead(ctl), EAGAIN);
	userStream.close(ctl);
	assert.is(userStream.ctlRead(ctl), EBADF);
	assert.is(userStream.ctlRead(userStream.open(1, BOTH)), EBADF);
});

test("frames from before the run and before any descriptor are kept and reported", async () => {
	const streams = new UserStreams();
	const sent = [streams.send(dataFrame(2, "a")), streams.send(dataFrame(1, "b")), streams.send(dataFrame(2, "c"))];
	const { userStream } = fixture({}, streams);
	await Promise.all(sent);
	const ctl = userStream.ctlOpen();
	assert.equal(take(userStream.ctlRead(ctl)), { stream_id: 2, kind: 1 });
	assert.equal(take(userStream.ctlRead(ctl)), { stream_id: 1, kind: 1 });
	assert.is(userStream.ctlRead(ctl), EAGAIN);
	const fd = userStream.open(2, BOTH);
	for (const text of ["a", "c"]) assert.equal(take(userStream.read(fd)), dataFrame(2, text));
	streams.close();
	const late = userStream.ctlOpen();
	assert.equal(take(userStream.ctlRead(late)), { stream_id: 1, kind: 1 }, "a frame that still waits");
	assert.equal(take(userStream.ctlRead(late)), { stream_id: 0, kind: 2 });
});

test("streams that were closed before the run are closed for the guest", () => {
	const streams = new UserStreams();
	streams.close();
	const guest = fixture({}, streams);
	assert.equal(take(guest.userStream.ctlRead(guest.userStream.ctlOpen())), { stream_id: 0, kind: 2 });
	assert.equal(mask(guest, guest.userStream.open(1, BOTH)), ["EPOLLHUP"]);
});

test("an epoll wakes for frames, for room and for the end of the user", async () => {
	const { userStream, poll, streams } = fixture();
	const fd = userStream.open(1, BOTH);
	const epoll = poll.create();
	const wait = (interest: number): Promise<readonly { fd: number; events: number }[] | number> => {
		poll.control(epoll, 1, fd, interest);
		return poll.wait(epoll, 8, -1);
	};
	const forFrame = wait(IN);
	await streams.send(dataFrame(1, "a"));
	assert.equal(await forFrame, [{ fd, events: IN }]);
	take(userStream.read(fd));
	while (userStream.write(fd, sized(1, 200_000)) === 0);
	const forRoom = wait(OUT);
	await streams.frames().next();
	assert.equal(await forRoom, [{ fd, events: OUT }]);
	const forEnd = wait(IN | HUP);
	streams.close();
	assert.equal(await forEnd, [{ fd, events: HUP }]);
});

test("a full stream is writable again when the frame that was refused fits", async () => {
	const guest = fixture();
	const { userStream, streams } = guest;
	const fd = userStream.open(1, WRITE);
	await streams.send(dataFrame(1, "hi"));
	for (let count = 0; count < 8; count += 1) assert.is(userStream.write(fd, sized(1, 250_000)), 0);
	assert.is(userStream.write(fd, sized(1, 100_000)), EAGAIN);
	assert.equal(mask(guest, fd), []);
	assert.is(userStream.write(fd, sized(1, 90_000)), 0, "a smaller frame fits");
	assert.equal(mask(guest, fd), ["EPOLLOUT"]);
	assert.is(userStream.write(fd, sized(1, 100_000)), EAGAIN);
	const { value } = await streams.frames().next();
	assert.is(value?.byteLength, 250_000);
	assert.equal(mask(guest, fd), ["EPOLLOUT"]);
	assert.is(userStream.write(fd, sized(1, 100_000)), 0);
});

test("a user waits for room in each stream of its own, and frames keep their order", async () => {
	const { userStream, streams } = fixture();
	const sent: string[] = [];
	const send = (name: string, streamId: number, bytes: number): Promise<void> =>
		streams.send(sized(streamId, bytes)).then(() => void sent.push(name));
	const all = [...Array.from({ length: 8 }, (_, index) => send(`a${index}`, 1, 260_000)), send("a8", 1, 260_000), send("a9", 1, 40)];
	await settled();
	assert.is(sent.length, 8, "the ninth does not fit, and the small one comes after it");
	await send("b", 2, 260_000);
	const fd = userStream.open(1, READ);
	take(userStream.read(fd));
	await Promise.all(all);
	assert.equal(sent.slice(-3), ["b", "a8", "a9"]);
	let last: Uint8Array | Errno = EAGAIN;
	for (let frame = take(userStream.read(fd)); frame !== EAGAIN; frame = take(userStream.read(fd))) last = frame;
	assert.ok(last instanceof Uint8Array && last.byteLength === 40);
});

test("the bytes of a sent frame may change afterwards", async () => {
	const { userStream, streams } = fixture();
	const frame = dataFrame(1, "a");
	await streams.send(frame);
	frame.fill(0);
	assert.equal(take(userStream.read(userStream.open(1, READ))), dataFrame(1, "a"));
});

test("bytes that are no frame are refused, and so are frames after the end", async () => {
	const { streams, ...guest } = fixture();
	const code = async (promise: Promise<unknown>): Promise<unknown> => {
		const error = await refusal(promise);
		return error instanceof SpearError ? error.code : error;
	};
	assert.is(await code(streams.send(new Uint8Array(32))), "invalid_request");
	assert.is(await code(streams.send("frame" as never)), "invalid_request");
	const waiting = [...Array.from({ length: 9 }, () => streams.send(sized(1, 260_000)))].at(-1);
	guest[Symbol.dispose]();
	assert.is(await code(waiting ?? Promise.resolve()), "cancelled");
	assert.is(await code(streams.send(dataFrame(1, "a"))), "cancelled");
	streams.close();
	assert.is(await code(streams.send(dataFrame(1, "a"))), "invalid_request");
});

test("frames of a guest that has ended are still received, and then there are no more", async () => {
	const { streams, userStream, account, ...guest } = fixture();
	const fd = userStream.open(1, BOTH);
	await streams.send(dataFrame(1, "in"));
	for (const text of ["a", "b"]) userStream.write(fd, dataFrame(1, text));
	guest[Symbol.dispose]();
	assert.is(account.report().used, 0);
	const frames: Uint8Array[] = [];
	for await (const frame of streams.frames()) frames.push(frame);
	assert.equal(frames, [dataFrame(1, "a"), dataFrame(1, "b")]);
});

test("streams belong to one run", () => {
	const streams = new UserStreams();
	streams.attach();
	assert.throws(() => streams.attach(), /they belong to another run/);
});

test("a stream that nothing uses leaves no trace, and too many streams are refused", async () => {
	const { userStream, streams } = fixture({ limits: { maxHandles: 4_000 } });
	for (let id = 0; id < 5_000; id += 1) userStream.close(userStream.open(id, BOTH));
	for (let id = 0; id < 1_024; id += 1) assert.ok(userStream.open(id, BOTH) > 0);
	assert.is(userStream.open(1_024, BOTH), ENOMEM);
	const error = await refusal(streams.send(dataFrame(1_024, "a")));
	assert.ok(error instanceof SpearError && error.code === "invalid_request");
	await streams.send(dataFrame(1_023, "a"));
});

test("a flood from the user stays within the account of the guest, which can read on", async () => {
	const { userStream, streams, account } = fixture({ maxBytes: 1_000_000 });
	let sent = 0;
	for (let id = 0; id < 10; id += 1) {
		for (let count = 0; count < 10; count += 1) {
			streams.send(sized(id, 100_000)).then(
				() => {
					sent += 1;
				},
				() => {},
			);
		}
	}
	await settled();
	assert.ok(account.report().used <= 1_000_000);
	assert.is(sent, 9);
	let read = 0;
	const fds = Array.from({ length: 10 }, (_, id) => userStream.open(id, READ));
	for (let left = true; left; ) {
		left = false;
		for (const fd of fds) {
			if (take(userStream.read(fd)) === EAGAIN) continue;
			read += 1;
			left = true;
			await settled();
		}
	}
	assert.is(read, 100);
	assert.is(sent, 100);
	assert.is(account.report().kinds.queues, 0);
});

test("a guest without memory writes frame by frame", async () => {
	const guest = fixture({ maxBytes: 50_000 });
	const { userStream, streams, poll } = guest;
	await streams.send(dataFrame(1, "a"));
	const [one, two] = [userStream.open(1, WRITE), userStream.open(2, WRITE)];
	await streams.send(dataFrame(2, "a"));
	assert.is(userStream.write(one, sized(1, 200_000)), 0, "the only frame may exceed the account");
	assert.is(userStream.write(two, sized(2, 100)), EAGAIN);
	const epoll = poll.create();
	assert.is(poll.control(epoll, 1, two, OUT), ENOMEM);
	assert.equal(mask(guest, two), []);
	await streams.frames().next();
	assert.equal(mask(guest, two), ["EPOLLOUT"]);
	assert.is(userStream.write(two, sized(2, 100)), 0);
});

test("a flood of events drops the oldest, and keeps the end", async () => {
	const { userStream, streams, account } = fixture();
	const ctl = userStream.ctlOpen();
	const fd = userStream.open(1, READ);
	for (let count = 0; count < 3_000; count += 1) {
		await streams.send(dataFrame(1, "a"));
		take(userStream.read(fd));
	}
	streams.close();
	const events: unknown[] = [];
	for (let event = take(userStream.ctlRead(ctl)); event !== EAGAIN; event = take(userStream.ctlRead(ctl))) events.push(event);
	assert.is(events.length, 1_024);
	assert.equal(events.at(-1), { stream_id: 0, kind: 2 });
	userStream.close(ctl);
	assert.is(account.report().kinds.queues, 0);
});

test("a guest that asked a model since is not idle, though it waits now and neither reads nor writes", async () => {
	const guest = fixture();
	const waiting = guest.poll.wait(guest.poll.create(), 1, -1);
	let isIdle = false;
	const idle = guest.streams.whenIdle(1).then(() => {
		isIdle = true;
	});
	assert.is(await guest.chat.send(0, 0), EBADF);
	// Fires after the timer of `whenIdle`, which was set before with the same time.
	await setTimeout(1);
	assert.is(isIdle, false);
	await idle;
	guest.scope.abort.abort(new SpearError("cancelled", "enough"));
	await waiting.catch(() => {});
});

test.run();
