import { test } from "uvu";
import * as assert from "uvu/assert";
import { EBADF } from "../../../generated/hostcall/core/errno.ts";
import { UserStreams } from "../../../src/hostcall/core/user-stream/user-streams.ts";
import { coreCalls } from "../../helpers/core-calls.ts";

test("the only flag is stored, and unknown names have no effect", () => {
	const { mic, poll } = coreCalls();
	const fd = mic.create();
	assert.equal(poll.getFlags(fd), { flags: [] });
	assert.is(poll.setFlags(fd, { set: ["O_NONBLOCK", "O_OTHER"] }), 0);
	assert.equal(poll.getFlags(fd), { flags: ["O_NONBLOCK"] });
	assert.is(poll.setFlags(fd, {}), 0);
	assert.equal(poll.getFlags(fd), { flags: ["O_NONBLOCK"] });
	assert.is(poll.setFlags(fd, { clear: ["O_NONBLOCK"] }), 0);
	assert.equal(poll.getFlags(fd), { flags: [] });
});

test("kind and state are known of open descriptors, and of those that were closed of late", () => {
	const { mic, poll, userStream } = coreCalls({ streams: new UserStreams().attach() });
	const kinds = [mic.create(), poll.create(), userStream.open(1, 3), userStream.ctlOpen()].map((fd) => poll.getKind(fd));
	assert.equal(
		kinds,
		["Mic", "Epoll", "UserStream", "UserStreamCtl"].map((kind) => ({ kind })),
	);
	mic.setParam(1000, { source: "device", fallback: { to_stub: false } });
	poll.setFlags(1000, { set: ["O_NONBLOCK"] });
	assert.equal(poll.getStatus(1000), { kind: "Mic", flags: ["O_NONBLOCK"], poll_mask: ["EPOLLERR"], closed: false });
	mic.close(1000);
	assert.equal(poll.getStatus(1000), { kind: "Mic", flags: ["O_NONBLOCK"], poll_mask: ["EPOLLERR", "EPOLLHUP"], closed: true });
});

test("unknown descriptors have neither flags nor state", () => {
	const { poll } = coreCalls();
	assert.is(poll.setFlags(1000, {}), EBADF);
	assert.is(poll.getFlags(1000), EBADF);
	assert.is(poll.getKind(-1), EBADF);
	assert.is(poll.getStatus(1000), EBADF);
	assert.is(poll.getMetrics(1000), EBADF);
});

test("metrics count what waits in streams and their events, and are empty for other kinds", () => {
	const { mic, poll, userStream } = coreCalls({ streams: new UserStreams().attach() });
	const stream = poll.getMetrics(userStream.open(7, 3));
	assert.ok(typeof stream === "object");
	const { execution_id, ...rest } = stream;
	assert.type(execution_id, "string");
	assert.equal(rest, {
		stream_id: 7,
		direction: "Bidi",
		conn_state: "Init",
		inbound_len: 0,
		inbound_bytes: 0,
		max_inbound_bytes: 2_097_152,
		outbound_len: 0,
		outbound_bytes: 0,
		max_outbound_bytes: 2_097_152,
		max_frame_bytes: 262_144,
	});
	assert.equal(poll.getMetrics(userStream.ctlOpen()), { execution_id, pending_len: 0, max_pending: 1024 });
	assert.equal(poll.getMetrics(mic.create()), {});
});

test.run();
