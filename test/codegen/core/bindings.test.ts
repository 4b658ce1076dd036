import { test } from "uvu";
import * as assert from "uvu/assert";
import { Trap } from "../../../generated/abi/component/lowering/runtime.ts";
import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { EAGAIN, EBADF, EFAULT, EINVAL, EIO, ENOMEM, ENOSPC } from "../../../generated/hostcall/core/errno.ts";
import { CoreGuest, TestFront } from "./core-guest.ts";

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

test("all imports of SPEAR are there, with their types, and three of them wait", () => {
	assert.is(CORE_IMPORTS.length, 32);
	assert.equal([...new Set(CORE_IMPORTS.map(({ module }) => module))], ["spear"]);
	assert.equal(Object.fromEntries(CORE_IMPORTS.map(({ name, signature }) => [name, signature])), {
		cchat_create: ">i",
		cchat_write_msg: "iiiii>i",
		cchat_write_fn: "iiii>i",
		cchat_ctl: "iiii>i",
		cchat_send: "ii>i",
		cchat_recv: "iii>i",
		cchat_close: "i>i",
		time_now_ms: ">I",
		wall_time_s: ">I",
		random_i64: ">I",
		sleep_ms: "i>",
		log: "iii>i",
		mic_create: ">i",
		mic_ctl: "iiii>i",
		mic_read: "iii>i",
		mic_close: "i>i",
		spear_epoll_create: ">i",
		spear_epoll_ctl: "iiii>i",
		spear_epoll_wait: "iiii>i",
		spear_epoll_close: "i>i",
		spear_fd_ctl: "iiii>i",
		rtasr_create: ">i",
		rtasr_ctl: "iiii>i",
		rtasr_write: "iii>i",
		rtasr_read: "iii>i",
		rtasr_close: "i>i",
		user_stream_open: "ii>i",
		user_stream_read: "iii>i",
		user_stream_write: "iii>i",
		user_stream_close: "i>i",
		user_stream_ctl_open: ">i",
		user_stream_ctl_read: "iii>i",
	});
	assert.equal(
		CORE_IMPORTS.filter(({ waits }) => waits).map(({ name }) => name),
		["cchat_send", "sleep_ms", "spear_epoll_wait"],
	);
});

test("a text is decoded, and bytes that are not UTF-8 are replaced", () => {
	const guest = new CoreGuest();
	guest.write(1, "grüß\u0000 dich");
	assert.is(guest.call("log", 2, 1, 12), 0);
	guest.write(40, [0x61, 0xff, 0xe2, 0x82, 0x62, 0xef, 0xbb, 0xbf]);
	assert.is(guest.call("log", 9, 40, 8), 0);
	assert.is(guest.call("log", -1, 256, 0), 0);
	assert.equal(guest.calls, [
		["log.log", 2, "grüß\u0000 dich"],
		["log.log", 9, "a\ufffd\ufffdb\ufeff"],
		["log.log", -1, ""],
	]);
});

test("a log line has at most 16384 bytes", () => {
	const guest = new CoreGuest({ size: 20_000, maxBytes: 20_000 });
	assert.is(guest.call("log", 2, 0, 16_384), 0);
	assert.is(guest.call("log", 2, 0, 16_385), EINVAL);
	assert.is(guest.call("log", 2, 0, -1), EINVAL);
	assert.is(guest.call("log", 2, -1, 1), EFAULT);
	assert.is(guest.calls.length, 1);
});

test("a pointer or a length that is negative or leads outside is EFAULT, and the host learns nothing of it", () => {
	const guest = new CoreGuest();
	for (const [pointer, length] of [
		[-1, 0],
		[0, -1],
		[-2_147_483_648, 0],
		[257, 0],
		[255, 2],
		[0, 257],
		[2_147_483_647, 2_147_483_647],
	]) {
		assert.is(guest.call("user_stream_write", 1000, pointer, length), EFAULT);
		assert.is(guest.call("cchat_write_msg", 1000, 0, 1, pointer, length), EFAULT);
		assert.is(guest.call("cchat_write_msg", 1000, pointer, length, 0, 1), EFAULT);
	}
	assert.equal(guest.calls, []);
});

test("arguments beyond the limit of a call are ENOMEM, counted together", () => {
	const guest = new CoreGuest({ maxBytes: 100 });
	assert.is(guest.call("cchat_write_msg", 1000, 0, 50, 0, 50), 0);
	assert.is(guest.call("cchat_write_msg", 1000, 0, 50, 0, 51), ENOMEM);
	assert.is(guest.call("rtasr_write", 1000, 0, 101), ENOMEM);
	assert.is(guest.call("rtasr_write", 1000, 0, 100), 0);
	guest.setU32(8, 101);
	assert.is(guest.call("cchat_ctl", 1000, 1, 16, 8), ENOMEM);
	guest.call("cchat_create");
	assert.equal(guest.clock, ["hostcall 0", "hostcall 100", "hostcall 50", "hostcall 0", "hostcall 100", "hostcall 0"]);
});

test("bytes of the host are a copy: the guest may write over its own", () => {
	const guest = new CoreGuest();
	guest.write(10, [1, 2, 3]);
	guest.call("user_stream_write", 1000, 10, 3);
	guest.write(10, [9, 9, 9]);
	assert.equal(guest.calls, [["userStream.write", 1000, bytes(1, 2, 3)]]);
});

test("an answer is written with its length, at any address", () => {
	const guest = new CoreGuest({ answer: () => bytes(1, 2, 3, 4, 5) });
	guest.setU32(3, 5);
	assert.is(guest.call("cchat_recv", 1001, 9, 3), 5);
	assert.equal(guest.bytes(0, 16), [0, 0, 0, 5, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0]);
});

test("an answer that does not fit is ENOSPC with its length, and nothing else is written", () => {
	const guest = new CoreGuest({ answer: () => bytes(1, 2, 3, 4, 5) });
	guest.setU32(3, 4);
	assert.is(guest.call("cchat_recv", 1001, 9, 3), ENOSPC);
	assert.equal(guest.bytes(0, 16), [0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
	guest.setU32(3, 0);
	assert.is(guest.call("cchat_recv", 1001, 0, 3), ENOSPC);
	assert.is(guest.u32(3), 5);
});

test("a capacity counts as without a sign, and only the bytes of the answer have to lie inside", () => {
	const guest = new CoreGuest({ answer: () => bytes(1, 2, 3) });
	guest.setU32(0, 0xffff_ffff);
	assert.is(guest.call("cchat_recv", 1001, 253, 0), 3);
	assert.equal(guest.bytes(253), [1, 2, 3]);
	guest.setU32(0, 0xffff_ffff);
	assert.is(guest.call("cchat_recv", 1001, 254, 0), EFAULT);
	assert.is(guest.u32(0), 0xffff_ffff);
	assert.equal(guest.bytes(253), [1, 2, 3]);
});

test("a place whose length is outside is EFAULT before the host is asked", () => {
	const guest = new CoreGuest({ answer: () => EAGAIN });
	for (const [pointer, length] of [
		[0, 253],
		[0, -1],
		[-1, 0],
		[0, 2_147_483_647],
	]) {
		for (const name of ["cchat_recv", "mic_read", "rtasr_read", "user_stream_read", "user_stream_ctl_read"])
			assert.is(guest.call(name, 1000, pointer, length), EFAULT);
		assert.is(guest.call("spear_epoll_wait", 1000, pointer, length, 0), EFAULT);
		assert.is(guest.call("spear_fd_ctl", 1000, 2, pointer, length), EFAULT);
	}
	assert.equal(guest.calls, []);
	assert.is(guest.call("mic_read", 1000, 0, 252), EAGAIN);
});

test("an item stays in its queue until the guest has it", () => {
	const front = new TestFront(bytes(7, 8, 9));
	const guest = new CoreGuest({ answer: () => front });
	for (const name of ["mic_read", "rtasr_read", "user_stream_read"]) {
		const before = front.removed;
		guest.setU32(0, 2);
		assert.is(guest.call(name, 1000, 20, 0), ENOSPC);
		guest.setU32(0, 3);
		assert.is(guest.call(name, 1000, 254, 0), EFAULT);
		assert.is(front.removed, before);
		assert.is(guest.call(name, 1000, 20, 0), 3);
		assert.is(front.removed, before + 1);
		assert.equal(guest.bytes(20, 3), [7, 8, 9]);
	}
});

test("an event of the streams is two numbers of 32 bits", () => {
	const front = new TestFront({ stream_id: 0x8070_6050, kind: 2 });
	const guest = new CoreGuest({ answer: () => front });
	guest.setU32(0, 7);
	assert.is(guest.call("user_stream_ctl_read", 1000, 21, 0), ENOSPC);
	assert.is(guest.u32(0), 8);
	assert.is(front.removed, 0);
	assert.is(guest.call("user_stream_ctl_read", 1000, 21, 0), 8);
	assert.equal(guest.bytes(20, 10), [0, 0x50, 0x60, 0x70, 0x80, 2, 0, 0, 0, 0]);
	assert.is(front.removed, 1);
});

test("a wait tells the host how many records fit, and returns their number", async () => {
	const ready = [
		{ fd: 1000, events: 1 },
		{ fd: 1003, events: 0x1d },
	];
	const guest = new CoreGuest({ answer: () => Promise.resolve(ready) });
	guest.setU32(0, 23);
	assert.is(await guest.call("spear_epoll_wait", 1005, 17, 0, -1), 2);
	assert.equal(guest.calls, [["poll.wait", 1005, 2, -1]]);
	assert.equal(guest.bytes(16, 18), [0, 0xe8, 3, 0, 0, 1, 0, 0, 0, 0xeb, 3, 0, 0, 0x1d, 0, 0, 0, 0]);
	assert.is(guest.u32(0), 16);
	assert.equal(guest.clock, ["hostcall 0", "suspend", "resume"]);
});

test("a wait without room for one record is ENOSPC with the length of one", () => {
	const guest = new CoreGuest();
	guest.setU32(0, 7);
	assert.is(guest.call("spear_epoll_wait", 1005, 16, 0, -1), ENOSPC);
	assert.is(guest.u32(0), 8);
	assert.equal(guest.calls, []);
});

test("a wait that ends without records writes a length of 0, and one that fails writes nothing", async () => {
	const guest = new CoreGuest({ answer: () => Promise.resolve([]) });
	guest.setU32(0, 8);
	assert.is(await guest.call("spear_epoll_wait", 1005, 16, 0, 5), 0);
	assert.is(guest.u32(0), 0);
	const failing = new CoreGuest({ answer: () => Promise.resolve(EBADF) });
	failing.setU32(0, 8);
	assert.is(await failing.call("spear_epoll_wait", 1005, 16, 0, 5), EBADF);
	assert.is(failing.u32(0), 8);
});

test("the memory may grow during a wait", async () => {
	const waiting = Promise.withResolvers<unknown>();
	const guest = new CoreGuest({ answer: () => waiting.promise });
	guest.setU32(0, 8);
	const call = guest.call("spear_epoll_wait", 1005, 16, 0, -1);
	guest.grow(512);
	waiting.resolve([{ fd: 7, events: 4 }]);
	assert.is(await call, 1);
	assert.equal(guest.bytes(16, 8), [7, 0, 0, 0, 4, 0, 0, 0]);
	guest.call("user_stream_write", 1000, 500, 12);
	assert.is(guest.calls.length, 2);
});

test("a guest without memory gets EFAULT from each function that needs it, and answers from the others", async () => {
	const guest = new CoreGuest({ hasMemory: false, answer: (func) => (func === "clock.timeNowMs" ? 5n : 1000) });
	for (const { name, signature } of CORE_IMPORTS) {
		const args = [...(signature.split(">")[0] ?? "")].map(() => 0);
		const touches = /log|write|recv|read$|_ctl$|wait/.test(name) && !/^(?:spear_epoll_ctl|cchat_ctl|spear_fd_ctl)$/.test(name);
		if (touches) assert.is(await guest.call(name, ...args), EFAULT, name);
	}
	assert.is(guest.call("spear_fd_ctl", 1000, 2, 0, 0), EFAULT);
	assert.is(guest.call("cchat_ctl", 1000, 1, 0, 0), EFAULT);
	assert.equal(guest.calls, []);
	assert.is(guest.call("time_now_ms"), 5n);
	assert.is(guest.call("cchat_create"), 1000);
	assert.is(guest.call("spear_epoll_ctl", 1000, 1, 1001, 1), 1000);
});

test("an argument in JSON is read leniently", () => {
	const guest = new CoreGuest();
	assert.is(
		guest.control("mic_ctl", 1, '{"sample_rate_hz":16000,"channels":"two","frame_ms":-1,"device":{"name":5},"fallback":[],"x":1}'),
		0,
	);
	assert.equal(JSON.parse(JSON.stringify(guest.calls)), [["mic.setParam", 1000, { sample_rate_hz: 16_000, device: {} }]]);
});

test("JSON of more values than a call may have is ENOMEM and not read, and its marks within texts do not count", () => {
	const guest = new CoreGuest({ size: 4_096, maxBytes: 4_096, maxItems: 10 });
	const param = (value: string): string => `{"key":"k","value":${value}}`;
	// The limit is 10: two of the outer object, and what the value has.
	for (const value of [
		"[0,0,0,0,0,0,0,0]",
		"[[],[[]],[]]",
		'{"a":{},"b":[1,2,3],"c":1}',
		'"[[[[[[[[{{{{,,,,,,,,"',
		'["\\\\","\\",[[[,,,,,,,,",1]',
	]) {
		assert.is(guest.control("cchat_ctl", 1, param(value)), 0, value);
		guest.call("cchat_create");
	}
	guest.calls.length = 0;
	for (const value of ["[0,0,0,0,0,0,0,0,0]", "[[[[[[[[[]]]]]]]]]", '["\\\\",0,0,0,0,0,0,0,0]', `[${"0,".repeat(1_000)}`])
		for (const [name, command] of [
			["cchat_ctl", 1],
			["mic_ctl", 1],
			["rtasr_ctl", 1],
			["rtasr_ctl", 4],
			["rtasr_ctl", 7],
			["spear_fd_ctl", 1],
		] as const)
			assert.is(guest.control(name, command, param(value)), ENOMEM, value);
	assert.equal(guest.calls, []);
	// The values of a call count as time of the guest.
	guest.clock.length = 0;
	guest.control("cchat_ctl", 1, param("[0,0,0]"));
	guest.call("cchat_create");
	assert.is(guest.clock.at(-1), `hostcall ${param("[0,0,0]").length + 5 * 64}`);
});

test("a whole number keeps to its bounds, a list to elements of its type, and anything stays as it is", () => {
	const guest = new CoreGuest();
	guest.control("mic_ctl", 1, '{"channels":4294967295,"frame_ms":4294967296,"max_queue_bytes":1.5,"source":null}');
	guest.control("spear_fd_ctl", 1, '{"set":["O_NONBLOCK",1,null,"X"],"clear":"all"}');
	guest.control("cchat_ctl", 1, '{"key":"stop","value":[1,{"a":null}]}');
	guest.control("cchat_ctl", 1, '{"key":""}');
	guest.control("rtasr_ctl", 7, '{"vad":{"threshold":0.5,"silence_ms":0.5}}');
	guest.control("rtasr_ctl", 4, "null");
	assert.equal(JSON.parse(JSON.stringify(guest.calls)), [
		["mic.setParam", 1000, { channels: 4_294_967_295 }],
		["poll.setFlags", 1000, { set: ["O_NONBLOCK", "X"] }],
		["chat.setParam", 1000, { key: "stop", value: [1, { a: null }] }],
		["chat.setParam", 1000, { key: "" }],
		["transcription.setAutoflush", 1000, { vad: { threshold: 0.5 } }],
		["transcription.sendEvent", 1000, null],
	]);
});

test("an argument that is not valid is the error of its command", () => {
	const guest = new CoreGuest();
	for (const text of ["", "{", "[]", "1", "null", '"key"', "{}", '{"key":1}', '{"__proto__":{"key":"x"}}']) {
		assert.is(guest.control("cchat_ctl", 1, text), EIO, text);
		assert.is(guest.control("rtasr_ctl", 1, text), EINVAL, text);
	}
	assert.is(guest.control("rtasr_ctl", 4, "{"), EINVAL);
	assert.is(guest.control("spear_fd_ctl", 1, "[]"), EINVAL);
	assert.equal(guest.calls, []);
});

test("an answer in JSON is compact, has the members of the description only, and null where they say so", () => {
	const answers: Readonly<Record<string, unknown>> = {
		"chat.getMetrics": { total_tokens: 3, prompt_tokens: 1, secret: true },
		"mic.getStatus": { running: false, queue_bytes: 0, max_queue_bytes: 9, dropped_frames: 0, generation: 1, config: undefined },
		"poll.getStatus": { kind: "Mic", flags: [], poll_mask: ["EPOLLIN"], closed: false },
		"poll.getMetrics": { pending_len: 1, direction: "In – Out" },
		"transcription.getAutoflush": { strategy: "server_vad", flush_on_close: false, vad: { silence_ms: 500, extra: 1 } },
	};
	const guest = new CoreGuest({ answer: (func) => answers[func] });
	assert.is(guest.query("cchat_ctl", 2), '{"prompt_tokens":1,"total_tokens":3}');
	assert.is(
		guest.query("mic_ctl", 2),
		'{"running":false,"last_error":null,"queue_bytes":0,"max_queue_bytes":9,"dropped_frames":0,"generation":1,"config":null}',
	);
	assert.is(guest.query("spear_fd_ctl", 4), '{"kind":"Mic","flags":[],"poll_mask":["EPOLLIN"],"closed":false}');
	assert.is(guest.query("spear_fd_ctl", 5), '{"pending_len":1,"direction":"In – Out"}');
	assert.is(guest.query("rtasr_ctl", 8), '{"strategy":"server_vad","flush_on_close":false,"vad":{"silence_ms":500},"client_commit":null}');
});

test("an answer in JSON that does not fit is ENOSPC with its bytes, not its letters", () => {
	const guest = new CoreGuest({ answer: () => ({ kind: "ü" }) });
	guest.setU32(8, 12);
	assert.is(guest.call("spear_fd_ctl", 1000, 3, 16, 8), ENOSPC);
	assert.is(guest.u32(8), 13);
	assert.equal(guest.bytes(16, 20), new Array(20).fill(0));
	assert.is(guest.call("spear_fd_ctl", 1000, 3, 16, 8), 13);
	assert.is(guest.text(16, 13), '{"kind":"ü"}');
});

test("a command without an argument takes none, and an unknown one is EINVAL", () => {
	const guest = new CoreGuest({ answer: () => EBADF });
	guest.setU32(8, 0);
	assert.is(guest.call("rtasr_ctl", 1000, 2, 0, 8), EBADF);
	assert.is(guest.call("rtasr_ctl", 1000, 9, 0, 8), EINVAL);
	assert.is(guest.call("spear_fd_ctl", 1000, 6, -1, -1), EINVAL);
	assert.is(guest.call("cchat_ctl", 1000, -1, -1, -1), EINVAL);
	assert.equal(guest.calls, [["transcription.connect", 1000]]);
});

test("the argument of transcription and microphone is checked for each command, and a length of 2^31 is none", () => {
	const guest = new CoreGuest({ answer: () => 0 });
	for (const name of ["rtasr_ctl", "mic_ctl"]) {
		for (const command of [1, 2, 99]) {
			assert.is(guest.call(name, 1000, command, 0, 253), EFAULT);
			guest.setU32(8, 300);
			assert.is(guest.call(name, 1000, command, 0, 8), EFAULT);
			guest.setU32(8, 1);
			assert.is(guest.call(name, 1000, command, -1, 8), EFAULT);
		}
	}
	assert.equal(guest.calls, []);
	guest.setU32(8, 0x8000_0000);
	assert.is(guest.call("rtasr_ctl", 1000, 2, -1, 8), 0);
	assert.is(guest.call("rtasr_ctl", 1000, 1, -1, 8), EINVAL);
	assert.equal(guest.calls, [["transcription.connect", 1000]]);
});

test("an error of the host is EIO for the guest, and reported with its place", async () => {
	const guest = new CoreGuest({
		answer: () => {
			throw new Error("boom");
		},
	});
	guest.setU32(8, 100);
	assert.is(guest.call("cchat_create"), EIO);
	assert.is(guest.call("mic_read", 1000, 16, 8), EIO);
	assert.is(guest.call("spear_fd_ctl", 1000, 2, 16, 8), EIO);
	assert.is(await guest.call("spear_epoll_wait", 1000, 16, 8, 0), EIO);
	assert.equal(guest.faults, [
		"spear.cchat_create: Error: boom",
		"spear.mic_read: Error: boom",
		"spear.spear_fd_ctl: Error: boom",
		"spear.spear_epoll_wait: Error: boom",
	]);
	assert.is(guest.u32(8), 100);
});

test("a rejection of the host is EIO, and the guest's time goes on", async () => {
	const guest = new CoreGuest({ answer: () => Promise.reject(new Error("boom")) });
	assert.is(await guest.call("cchat_send", 1000, 0), EIO);
	guest.setU32(8, 100);
	assert.is(await guest.call("spear_epoll_wait", 1000, 16, 8, 0), EIO);
	assert.equal(guest.clock, ["hostcall 0", "suspend", "resume", "hostcall 0", "suspend", "resume"]);
	assert.equal(guest.faults, ["spear.cchat_send: Error: boom", "spear.spear_epoll_wait: Error: boom"]);
});

test("a function without errors ends the guest for an error of the host", async () => {
	const guest = new CoreGuest({
		answer: () => {
			throw new Error("no clock");
		},
	});
	assert.throws(() => guest.call("time_now_ms"), /no clock/);
	assert.equal(guest.clock.at(-1), "end by host: spear.time_now_ms: no clock");
	assert.throws(
		() => guest.call("cchat_create"),
		(error: unknown) => error instanceof Trap,
	);
	const sleeping = new CoreGuest({ answer: () => Promise.reject(new Error("no timer")) });
	const slept = await Promise.resolve(sleeping.call("sleep_ms", 5)).catch(String);
	assert.is(slept, "Error: no timer");
	assert.equal(sleeping.clock.at(-1), "end by host: spear.sleep_ms: no timer");
});

test("a trap of the host, and what its report of faults throws, pass through the guest", async () => {
	const trap = new Trap("aborted");
	const trapping = new CoreGuest({
		answer: () => {
			throw trap;
		},
	});
	assert.throws(
		() => trapping.call("cchat_create"),
		(error: unknown) => error === trap,
	);
	const exit = new Error("exit 3");
	const exiting = new CoreGuest({ answer: () => Promise.reject(exit) });
	exiting.context.onFault = (cause) => {
		throw cause;
	};
	const thrown = await Promise.resolve(exiting.call("cchat_send", 1000, 2)).catch((cause: unknown) => cause);
	assert.is(thrown, exit);
	assert.equal(trapping.faults, []);
});

test("a guest that was ended goes no further, whether it calls or waits", async () => {
	const waiting = Promise.withResolvers<unknown>();
	const guest = new CoreGuest({ answer: () => waiting.promise });
	const call = Promise.resolve(guest.call("cchat_send", 1000, 0)).catch((cause: unknown) => cause);
	guest.state.end("aborted");
	waiting.resolve(1001);
	assert.instance(await call, Trap);
	assert.throws(
		() => guest.call("time_now_ms"),
		(error: unknown) => error instanceof Trap && error.message === "aborted",
	);
	assert.is(guest.calls.length, 1);
});

test("a guest cannot wait where its frames must not be suspended", () => {
	const guest = new CoreGuest();
	guest.state.forbidWaiting();
	assert.throws(() => guest.call("sleep_ms", 1), /waits where it cannot/);
	assert.equal(guest.calls, []);
});

test.run();
