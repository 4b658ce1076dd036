/** The bindings against a model of the description, over pointers, lengths, capacities and memories. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { EAGAIN, EFAULT, EINVAL, EIO, ENOMEM, ENOSPC } from "../../../generated/hostcall/core/errno.ts";
import { CoreGuest, TestFront } from "./core-guest.ts";

const SIZE = 64;
const MAX_BYTES = 40;

/** Numbers around the ends of the memory and of the number's range, and small ones. */
const edge = fc.oneof(
	{ weight: 6, arbitrary: fc.integer({ min: -2, max: SIZE + 2 }) },
	{ weight: 1, arbitrary: fc.constantFrom(-2_147_483_648, 2_147_483_647, 2_147_483_584, -1) },
	{ weight: 1, arbitrary: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }) },
);
const memory = fc.uint8Array({ minLength: SIZE, maxLength: SIZE });

function isInside(pointer: number, length: number): boolean {
	return pointer >= 0 && length >= 0 && pointer + length <= SIZE;
}

/** The outcome of an out buffer: the result, and the memory afterwards. */
function modelOfPlace(before: Uint8Array, pointer: number, lengthPointer: number, answer: Uint8Array | number): [number, Uint8Array] {
	const after = before.slice();
	if (pointer < 0 || !isInside(lengthPointer, 4)) return [EFAULT, after];
	const view = new DataView(after.buffer);
	const capacity = view.getUint32(lengthPointer, true);
	if (typeof answer === "number") return [answer, after];
	if (answer.length <= capacity && !isInside(pointer, answer.length)) return [EFAULT, after];
	if (answer.length <= capacity) after.set(answer, pointer);
	view.setUint32(lengthPointer, answer.length, true);
	return [answer.length <= capacity ? answer.length : ENOSPC, after];
}

function modelOfBytes(pointer: number, length: number): number {
	if (!isInside(pointer, length)) return EFAULT;
	return length > MAX_BYTES ? ENOMEM : 0;
}

/** A capacity at the length's place, so that not all are beyond the memory. */
function withCapacity(bytes: Uint8Array, lengthPointer: number, capacity: number): Uint8Array {
	const memory = bytes.slice();
	if (isInside(lengthPointer, 4)) new DataView(memory.buffer).setUint32(lengthPointer, capacity, true);
	return memory;
}

test("an out buffer holds what the description says, and its item leaves the queue only then", () => {
	const answers = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(EAGAIN, EINVAL));
	let answer: TestFront<Uint8Array> | number = 0;
	const guest = new CoreGuest({ size: SIZE, answer: () => answer });
	fc.assert(
		fc.property(memory, edge, edge, fc.integer({ min: 0, max: 24 }), answers, (bytes, pointer, lengthPointer, capacity, item) => {
			const before = withCapacity(bytes, lengthPointer, capacity);
			guest.write(0, [...before]);
			answer = typeof item === "number" ? item : new TestFront(item);
			const [result, after] = modelOfPlace(before, pointer, lengthPointer, item);
			assert.is(guest.call("rtasr_read", 1000, pointer, lengthPointer), result);
			assert.equal(new Uint8Array(guest.memory.buffer), after);
			if (typeof answer !== "number") assert.is(answer.removed, result >= 0 ? 1 : 0);
		}),
		{ numRuns: 3000 },
	);
});

test("records of a wait hold what the description says", async () => {
	const records = fc.array(fc.record({ fd: fc.integer(), events: fc.integer() }), { maxLength: 4 });
	let ready: readonly { fd: number; events: number }[] = [];
	const guest = new CoreGuest({ size: SIZE, answer: (_, [, max]) => Promise.resolve(ready.slice(0, Number(max))) });
	await fc.assert(
		fc.asyncProperty(
			memory,
			edge,
			edge,
			fc.integer({ min: 0, max: 40 }),
			records,
			async (bytes, pointer, lengthPointer, capacity, list) => {
				const before = withCapacity(bytes, lengthPointer, capacity);
				guest.write(0, [...before]);
				ready = list;
				const shown = list.slice(0, Math.floor(capacity / 8));
				const payload = Buffer.alloc(capacity < 8 ? 8 : shown.length * 8);
				for (const [index, { fd, events }] of shown.entries()) payload.writeInt32LE(events, payload.writeInt32LE(fd, index * 8));
				const [result, after] = modelOfPlace(before, pointer, lengthPointer, payload);
				assert.is(await guest.call("spear_epoll_wait", 1000, pointer, lengthPointer, -1), result < 0 ? result : shown.length);
				assert.equal(new Uint8Array(guest.memory.buffer), after);
			},
		),
		{ numRuns: 2000 },
	);
});

test("texts and bytes reach the host as they are in memory, or not at all", () => {
	const guest = new CoreGuest({ size: SIZE, maxBytes: MAX_BYTES });
	fc.assert(
		fc.property(memory, edge, edge, edge, edge, (bytes, pointer, length, other, otherLength) => {
			guest.write(0, [...bytes]);
			guest.calls.length = 0;
			const first = modelOfBytes(pointer, length);
			assert.is(guest.call("user_stream_write", 1000, pointer, length), first);
			if (first === 0) assert.equal(guest.calls, [["userStream.write", 1000, bytes.slice(pointer, pointer + length)]]);
			guest.calls.length = 0;
			const second = modelOfBytes(other, otherLength);
			const both = first !== 0 ? first : second === 0 && length + otherLength > MAX_BYTES ? ENOMEM : second;
			assert.is(guest.call("cchat_write_msg", 1000, pointer, length, other, otherLength), both);
			const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
			const text = (at: number, size: number): string => decoder.decode(bytes.slice(at, at + size));
			assert.equal(guest.calls, both === 0 ? [["chat.writeMessage", 1000, text(pointer, length), text(other, otherLength)]] : []);
			assert.equal(new Uint8Array(guest.memory.buffer), bytes);
		}),
		{ numRuns: 3000 },
	);
});

test("any JSON in the place of an argument leads to an answer", () => {
	const guest = new CoreGuest({ size: 4096, maxBytes: 4000 });
	const commands = [
		["cchat_ctl", 1, EIO],
		["mic_ctl", 1, EINVAL],
		["rtasr_ctl", 1, EINVAL],
		["rtasr_ctl", 4, EINVAL],
		["rtasr_ctl", 7, EINVAL],
		["spear_fd_ctl", 1, EINVAL],
	] as const;
	const keys = fc.constantFrom(
		"key",
		"value",
		"set",
		"clear",
		"vad",
		"device",
		"fallback",
		"client_commit",
		"__proto__",
		"constructor",
		"toString",
	);
	const values = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }));
	const texts = fc.oneof(
		values.map((value) => JSON.stringify(value)),
		fc.dictionary(keys, values, { maxKeys: 5 }).map((value) => JSON.stringify(value)),
		fc.string({ maxLength: 40, unit: "binary" }),
	);
	fc.assert(
		fc.property(fc.constantFrom(...commands), texts, ([name, command, invalid], text) => {
			guest.calls.length = 0;
			const result = guest.control(name, command, text);
			assert.is(result, guest.calls.length === 1 ? 0 : invalid);
		}),
		{ numRuns: 3000 },
	);
	assert.equal(guest.faults, []);
});

test("no pointer or length throws, in a million calls of all imports", async () => {
	const front = new TestFront(new Uint8Array([1, 2, 3, 4, 5]));
	const event = new TestFront({ stream_id: 1, kind: 1 });
	const answers: Readonly<Record<string, unknown>> = {
		"chat.receive": front.item,
		"chat.getMetrics": { total_tokens: 5 },
		"mic.read": front,
		"mic.getStatus": { running: true, queue_bytes: 0, max_queue_bytes: 0, dropped_frames: 0, generation: 0 },
		"transcription.read": front,
		"transcription.getStatus": { state: "init" },
		"transcription.getAutoflush": { strategy: "manual" },
		"userStream.read": front,
		"userStream.ctlRead": event,
		"poll.getFlags": { flags: [] },
		"poll.getKind": { kind: "Mic" },
		"poll.getStatus": { kind: "Mic", flags: [], poll_mask: [], closed: false },
		"poll.getMetrics": {},
		"clock.timeNowMs": 1n,
		"clock.wallTimeS": 1n,
		"clock.random": 1n,
	};
	const waiting: Readonly<Record<string, Promise<unknown>>> = {
		"chat.send": Promise.resolve(1000),
		"clock.sleep": Promise.resolve(),
		"poll.wait": Promise.resolve([]),
	};
	const guest = new CoreGuest({ size: SIZE, maxBytes: MAX_BYTES, answer: (func) => answers[func] ?? waiting[func] ?? 0 });
	const next = random(7);
	const numbers = [-2_147_483_648, -1, 0, 1, 2, 3, 4, 5, 7, 8, 16, 30, 40, SIZE - 8, SIZE - 4, SIZE - 1, SIZE, SIZE + 1, 2_147_483_647];
	const codes = new Set<unknown>();
	const imports = CORE_IMPORTS.map(({ name, signature, waits }) => ({ name, count: signature.indexOf(">"), waits }));
	for (let round = 0; round < 1_000_000; round += 1) {
		const { name, count, waits } = imports[next(imports.length)] ?? { name: "log", count: 3, waits: false };
		if (waits && round % 16 !== 0) continue;
		const args = Array.from({ length: count }, () => numbers[next(numbers.length)] ?? 0);
		if (next(4) === 0) guest.setU32(next(SIZE - 3), next(50));
		const result = guest.call(name, ...args);
		codes.add(waits ? await result : result);
		guest.calls.length = 0;
		guest.clock.length = 0;
	}
	assert.equal(guest.faults, []);
	for (const code of [0, EFAULT, EINVAL, ENOMEM, ENOSPC, 5, 8, 1n]) assert.ok(codes.has(code), String(code));
});

/** Numbers below a bound, the same in each run. */
function random(seed: number): (bound: number) => number {
	let state = seed;
	return (bound) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 0x1_0000_0000) * bound);
	};
}

test.run();
