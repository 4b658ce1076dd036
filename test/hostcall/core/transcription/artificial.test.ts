import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENOMEM } from "../../../../generated/hostcall/core/errno.ts";
import { coreTranscription } from "../../../helpers/core-transcription.ts";

test("a session without a transport is artificial: connected at once, with made-up events", () => {
	const core = coreTranscription();
	const fd = core.open({ stub_event_payload_bytes: 83, stub_emit_completed_every: 2 });
	assert.is(core.rtasr.connect(fd), 0);
	assert.equal(core.rtasr.getStatus(fd), {
		state: "connected",
		last_error: undefined,
		send_queue_bytes: 0,
		recv_queue_bytes: 0,
		max_send_queue_bytes: 1_048_576,
		max_recv_queue_bytes: 1_048_576,
		dropped_events: 0,
	});
	core.scope.clock.pass(99);
	assert.equal(core.events(fd), []);
	core.scope.clock.pass(201);
	assert.is(core.fds.entry(fd)?.mask, 5);
	assert.equal(core.events(fd), [
		'{"type":"transcription.delta","seq":1,"text":"aaa"}',
		'{"type":"transcription.completed","seq":2,"text":"aaa"}',
		'{"type":"transcription.delta","seq":3,"text":"aaa"}',
	]);
	assert.is(core.calls.length, 0);
});

test("every twentieth event is the end of an utterance, or none", () => {
	const types = (params: Record<string, number>): string[] => {
		const core = coreTranscription();
		const fd = core.open({ stub_event_interval_ms: 10, stub_event_payload_bytes: 0, ...params });
		core.rtasr.connect(fd);
		core.scope.clock.pass(400);
		return core.events(fd).map((json) => JSON.parse(json).type);
	};
	assert.equal(
		types({}).flatMap((type, index) => (type === "transcription.completed" ? [index + 1] : [])),
		[20, 40],
	);
	assert.is(types({ stub_emit_completed_every: 0 }).indexOf("transcription.completed"), -1);
});

test("an artificial session takes one input each 10 ms, in order, also that from before the connection", () => {
	const core = coreTranscription();
	const fd = core.open({ max_send_queue_bytes: 250 });
	const queued = (): number => {
		const status = core.rtasr.getStatus(fd);
		return typeof status === "number" ? status : status.send_queue_bytes;
	};
	core.rtasr.write(fd, new Uint8Array(100));
	core.rtasr.write(fd, new Uint8Array(100));
	core.rtasr.connect(fd);
	assert.is(core.rtasr.write(fd, new Uint8Array(100)), -11);
	assert.is(core.fds.entry(fd)?.mask, 0);
	core.scope.clock.pass(10);
	assert.is(queued(), 100);
	assert.is(core.fds.entry(fd)?.mask, 4);
	core.scope.clock.pass(10);
	assert.is(queued(), 0);
	assert.is(core.rtasr.write(fd, new Uint8Array(100)), 100);
	core.scope.clock.pass(10);
	assert.is(queued(), 0);
});

test("unread events of an artificial session are bounded", () => {
	const core = coreTranscription();
	const fd = core.open({ stub_event_interval_ms: 0, stub_event_payload_bytes: 1e15, max_recv_queue_bytes: 200_000 });
	core.rtasr.connect(fd);
	core.scope.clock.pass(1_000);
	const status = core.rtasr.getStatus(fd);
	if (typeof status === "number") throw new Error("no status");
	assert.ok(status.recv_queue_bytes <= 200_000);
	assert.is(status.dropped_events, 97);
	assert.is(core.events(fd).length, 3);
});

test("artificial sessions are bounded in number, and cost no timer after their end", () => {
	const core = coreTranscription({ limits: { maxRealtimeSessions: 2 } });
	const first = core.open();
	assert.is(core.rtasr.connect(first), 0);
	core.rtasr.write(first, new Uint8Array(10));
	assert.is(core.rtasr.connect(core.open()), 0);
	const third = core.open();
	assert.is(core.rtasr.connect(third), ENOMEM);
	assert.is(core.fds.entry(third)?.mask, 8);
	core.rtasr.close(first);
	assert.is(core.rtasr.connect(core.open()), 0);
	core.fds[Symbol.dispose]();
	assert.is(core.scope.clock.pending, 0);
	assert.is(core.memory.used, 0);
});

test.run();
