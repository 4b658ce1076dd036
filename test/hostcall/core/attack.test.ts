import { test } from "uvu";
import * as assert from "uvu/assert";
import { EAGAIN, ENOMEM } from "../../../generated/hostcall/core/errno.ts";
import { Epoll } from "../../../src/hostcall/core/epoll.ts";
import { FdObject, FdTable } from "../../../src/hostcall/core/fd-table.ts";
import { createMic } from "../../../src/hostcall/core/mic/mic.ts";
import { encodeFrame } from "../../../src/hostcall/core/user-stream/frame.ts";
import { UserStreams } from "../../../src/hostcall/core/user-stream/user-streams.ts";
import { UNACCOUNTED } from "../../../src/memory/memory-kinds.ts";
import type { Clock } from "../../../src/time/clock.ts";
import { coreCalls } from "../../helpers/core-calls.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";

/** Guests and users that ask for as much as they can: what they cost is bounded, and counted in the account of the guest. */

const MEBIBYTE = 1_048_576;

test("epolls that watch thousands of descriptors stay within the account, and leave nothing", () => {
	const guest = coreCalls({ maxBytes: 8 * MEBIBYTE, limits: { maxHandles: 2_100 } });
	const fds = Array.from({ length: 2_000 }, () => guest.mic.create());
	const epolls = Array.from({ length: 100 }, () => guest.poll.create());
	let watched = 0;
	for (const epoll of epolls) for (const fd of fds) if (guest.poll.control(epoll, 1, fd, 1) === 0) watched += 1;
	assert.ok(watched > 5_000 && watched < 9_000, String(watched));
	assert.ok(guest.account.report().used <= 8 * MEBIBYTE);
	assert.is(guest.mic.create(), ENOMEM);
	guest[Symbol.dispose]();
	assert.is(guest.account.report().used, 0);
});

test("a descriptor that is opened, watched and closed again and again ends at the account", async () => {
	const guest = coreCalls({ maxBytes: MEBIBYTE });
	const epoll = guest.poll.create();
	let watched = 0;
	for (let count = 0; count < 20_000; count += 1) {
		const fd = guest.mic.create();
		if (guest.poll.control(epoll, 1, fd, 16) === 0) watched += 1;
		guest.mic.close(fd);
	}
	assert.ok(watched <= MEBIBYTE / 1_024, String(watched));
	const ready = await guest.poll.wait(epoll, 100_000, 0);
	assert.ok(Array.isArray(ready) && ready.length === watched);
	guest.poll.close(epoll);
	assert.is(guest.account.report().used, 0);
});

test("a wait looks at descriptors that have changed only, however many it watches", async () => {
	let looks = 0;
	class Lamp extends FdObject {
		readonly kind = "Mic";
		bits = 0;

		mask(): number {
			looks += 1;
			return this.bits;
		}
	}
	const fds = new FdTable(20_000);
	const epoll = new Epoll({ clock: new FakeClock(), memory: UNACCOUNTED, signal: new AbortController().signal });
	const lamps = Array.from({ length: 10_000 }, () => new Lamp());
	for (const lamp of lamps) {
		const fd = fds.open(lamp);
		epoll.watch(fd, fds.entry(fd), 1);
	}
	await epoll.wait(8, 0);
	looks = 0;
	for (const lamp of lamps.slice(0, 50)) {
		lamp.bits = 1;
		lamp.onChange();
		const ready = await epoll.wait(8, 0);
		assert.ok(Array.isArray(ready) && ready.length === 1);
		lamp.bits = 0;
		lamp.onChange();
	}
	assert.ok(looks <= 200, String(looks));
});

test("microphones that nothing reads cost one timer each, however short their frames are", async () => {
	const guest = coreCalls();
	let timers = 0;
	const clock: Clock = {
		now: () => guest.scope.clock.now(),
		after(ms, fire) {
			timers += 1;
			return guest.scope.clock.after(ms, fire);
		},
	};
	const scope = { ...guest.scope, clock };
	const fds = new FdTable(1_000);
	const mic = createMic(scope, fds);
	const microphones = Array.from({ length: 1_000 }, () => mic.create());
	for (const fd of microphones) assert.is(mic.setParam(fd, { source: "stub", frame_ms: 1 }), 0);
	guest.scope.clock.pass(3_600_000);
	assert.is(timers, 1_000);
	const status = mic.getStatus(microphones[0] ?? 0);
	assert.ok(typeof status === "object" && status.queue_bytes <= 524_288 && status.dropped_frames > 3_000_000);
	fds[Symbol.dispose]();
	assert.is(guest.scope.clock.pending, 0);
});

test("a flood of small frames in many streams, with many listeners, stays within the account", async () => {
	const streams = new UserStreams();
	const guest = coreCalls({ maxBytes: 4 * MEBIBYTE, streams: streams.attach() });
	const listeners = Array.from({ length: 100 }, () => guest.userStream.ctlOpen()).filter((fd) => fd !== ENOMEM);
	for (const listener of listeners.splice(32)) guest.userStream.close(listener);
	let added = 0;
	const sends: Promise<unknown>[] = [];
	for (let id = 0; id < 200; id += 1) {
		for (let count = 0; count < 100; count += 1) {
			sends.push(
				streams.send(encodeFrame({ streamId: id, type: 2 })).then(
					() => {
						added += 1;
					},
					() => {},
				),
			);
		}
	}
	await settled();
	assert.ok(added < 20_000 && added > 100, String(added));
	assert.is(listeners.length, 32);
	assert.ok(guest.account.report().used <= 4 * MEBIBYTE);
	const read = guest.userStream.open(0, 1);
	const front = guest.userStream.read(read);
	assert.ok(typeof front === "object");
	for (const listener of listeners) assert.is.not(guest.userStream.ctlRead(listener), EAGAIN);
	guest[Symbol.dispose]();
	await Promise.all(sends);
	assert.is(guest.account.report().used, 0);
});

test("a guest that floods its user waits at the bound of a stream", async () => {
	const streams = new UserStreams();
	const guest = coreCalls({ streams: streams.attach() });
	await streams.send(encodeFrame({ streamId: 1, type: 2 }));
	const fd = guest.userStream.open(1, 3);
	const frame = encodeFrame({ streamId: 1, type: 2 });
	let written = 0;
	while (guest.userStream.write(fd, frame) === 0) written += 1;
	assert.is(written, 2_097_152 / 32);
	guest[Symbol.dispose]();
	let received = 0;
	for await (const _ of streams.frames()) received += 1;
	assert.is(received, written);
});

test("a frame notifies a bounded number of descriptors and epolls", async () => {
	const streams = new UserStreams();
	const guest = coreCalls({ maxBytes: 256 * MEBIBYTE, streams: streams.attach(), limits: { maxHandles: 2_000 } });
	await streams.send(encodeFrame({ streamId: 1, type: 2 }));
	const fds = Array.from({ length: 100 }, () => guest.userStream.open(1, 3)).filter((fd) => fd !== ENOMEM);
	assert.is(fds.length, 64);
	const epolls = Array.from({ length: 100 }, () => guest.poll.create());
	for (const fd of fds) assert.is(epolls.filter((epoll) => guest.poll.control(epoll, 1, fd, 4) === 0).length, 16);
	// One that watches already may watch for something else, and one that goes makes room.
	const [fd = 0] = fds;
	const [first = 0] = epolls;
	const other = epolls.at(-1) ?? 0;
	assert.equal([guest.poll.control(first, 2, fd, 5), guest.poll.control(other, 1, fd, 4)], [0, ENOMEM]);
	guest.poll.control(first, 3, fd, 0);
	assert.is(guest.poll.control(other, 1, fd, 4), 0);
	guest.userStream.close(fds[1] ?? 0);
	assert.is.not(guest.userStream.open(1, 3), ENOMEM);
	guest[Symbol.dispose]();
	assert.is(guest.account.report().used, 0);
});

test.run();
