import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EBADF, EINVAL, ENOMEM } from "../../../generated/hostcall/core/errno.ts";
import { Events, Operation, type Poll, type Ready } from "../../../generated/hostcall/core/poll.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { FdObject, FdTable } from "../../../src/hostcall/core/fd-table.ts";
import { createPoll } from "../../../src/hostcall/core/poll.ts";
import { UNACCOUNTED } from "../../../src/memory/memory-kinds.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";

/** Waiting for descriptors, as guests see it. */

const { epollin: IN, epollout: OUT, epollerr: ERR, epollhup: HUP } = Events;
const { add: ADD, modify: MOD, delete: DEL } = Operation;
const ALL = IN | OUT | ERR | HUP;

/** An object whose mask the test sets. */
class Lamp extends FdObject {
	readonly kind = "Mic";
	#bits = 0;

	mask(): number {
		return this.#bits;
	}

	set(bits: number): void {
		this.#bits = bits;
		this.onChange();
	}
}

interface Fixture extends Poll {
	readonly fds: FdTable;
	readonly clock: FakeClock;
	readonly abort: AbortController;
	/** Opens a lamp. */
	lamp(bits?: number): { readonly fd: number; readonly lamp: Lamp };
	/** Returns what is ready now. */
	look(epoll: number, max?: number): Promise<readonly Ready[]>;
}

function fixture({ maxHandles = 64, memory = UNACCOUNTED } = {}): Fixture {
	const clock = new FakeClock();
	const abort = new AbortController();
	const fds = new FdTable(maxHandles);
	const poll = createPoll({ clock, memory, signal: abort.signal }, fds);
	return {
		...poll,
		fds,
		clock,
		abort,
		lamp(bits = 0) {
			const lamp = new Lamp();
			const fd = fds.open(lamp);
			lamp.set(bits);
			return { fd, lamp };
		},
		async look(epoll, max = 100) {
			const ready = await poll.wait(epoll, max, 0);
			assert.ok(Array.isArray(ready));
			return ready;
		},
	};
}

/** A wait, whose end the test looks at without waiting. */
function begin(wait: Promise<readonly Ready[] | number>): {
	readonly answer: readonly Ready[] | number | undefined;
	readonly error: unknown;
} {
	const state: { answer: readonly Ready[] | number | undefined; error: unknown } = { answer: undefined, error: undefined };
	wait.then(
		(answer) => {
			state.answer = answer;
		},
		(error) => {
			state.error = error;
		},
	);
	return state;
}

test("control checks in the order of the ABI", () => {
	const { create, control, close, lamp } = fixture();
	const [epoll, other] = [create(), create()];
	const { fd } = lamp();
	assert.is(control(5, 9, 5, IN), EINVAL, "the same number, known or not");
	assert.is(control(epoll, 9, fd + 1, IN), EBADF, "an unknown descriptor, before the operation");
	assert.is(control(fd + 1, ADD, fd, IN), EBADF, "an unknown epoll");
	assert.is(control(fd, ADD, epoll, IN), EBADF, "no epoll, before the kind of the other");
	assert.is(control(epoll, 9, other, IN), EINVAL, "an epoll in an epoll");
	assert.is(control(epoll, 9, fd, IN), EINVAL, "an unknown operation");
	assert.is(control(epoll, DEL, fd, IN), 0, "a descriptor that is not watched");
	close(epoll);
	assert.is(control(epoll, ADD, fd, IN), EBADF, "a closed epoll");
	close(other);
	const third = create();
	assert.is(control(third, ADD, other, IN), EINVAL, "a closed epoll in an epoll");
});

test("a wait reports what was asked for, errors and ends too only then, in the order of the numbers", async () => {
	const { create, control, lamp, look } = fixture();
	const first = lamp(ALL);
	const epoll = create();
	const second = lamp(IN | HUP);
	assert.is(control(epoll, ADD, second.fd, IN | ERR | 0xf000), 0);
	assert.is(control(epoll, ADD, first.fd, OUT), 0);
	assert.equal(await look(epoll), [
		{ fd: first.fd, events: OUT },
		{ fd: second.fd, events: IN },
	]);
	assert.equal(await look(epoll, 1), [{ fd: first.fd, events: OUT }]);
	control(epoll, ADD, first.fd, ERR);
	control(epoll, MOD, second.fd, HUP);
	assert.equal(await look(epoll), [
		{ fd: first.fd, events: ERR },
		{ fd: second.fd, events: HUP },
	]);
	control(epoll, DEL, first.fd, 0);
	assert.equal(await look(epoll), [{ fd: second.fd, events: HUP }]);
});

test("a wait lasts until a watched descriptor changes, and an earlier answer is given again", async () => {
	const { create, control, wait, lamp, look } = fixture();
	const epoll = create();
	const { fd, lamp: watched } = lamp();
	control(epoll, MOD, fd, IN);
	const waiting = begin(wait(epoll, 8, -1));
	await settled();
	watched.set(OUT);
	await settled();
	assert.is(waiting.answer, undefined);
	watched.set(IN);
	await settled();
	assert.equal(waiting.answer, [{ fd, events: IN }]);
	assert.equal(await look(epoll), [{ fd, events: IN }]);
	watched.set(0);
	assert.equal(await look(epoll), []);
});

test("a wait ends after its time without records, and an empty set waits its time out", async () => {
	const { create, wait, clock } = fixture();
	const waiting = begin(wait(create(), 8, 50));
	await clock.advance(49);
	assert.is(waiting.answer, undefined);
	await clock.advance(1);
	assert.equal(waiting.answer, []);
	assert.is(clock.pending, 0);
});

test("several epolls that watch a descriptor are all woken", async () => {
	const { create, control, wait, lamp } = fixture();
	const { fd, lamp: watched } = lamp();
	const waits = [create(), create()].map((epoll, index) => {
		control(epoll, index === 0 ? ADD : MOD, fd, IN | HUP);
		return begin(wait(epoll, 8, -1));
	});
	await settled();
	watched.set(IN);
	await settled();
	for (const { answer } of waits) assert.equal(answer, [{ fd, events: IN }]);
});

test("the close of a descriptor shows as an end, which stays, also when it was closed before or long ago", async () => {
	const { create, control, wait, fds, lamp, look, clock } = fixture();
	const epoll = create();
	const { fd } = lamp(IN);
	control(epoll, ADD, fd, OUT | HUP);
	const waiting = begin(wait(epoll, 8, -1));
	await settled();
	fds.close(fd);
	await settled();
	assert.equal(waiting.answer, [{ fd, events: HUP }]);
	assert.equal(await look(epoll), [{ fd, events: HUP }]);
	for (let count = 0; count < 1_000; count += 1) fds.close(fds.open(new Lamp()));
	const late = create();
	assert.is(control(late, ADD, fd, IN | HUP), 0);
	assert.equal(await look(late), [{ fd, events: HUP }]);
	assert.is(clock.pending, 0);
});

test("the close of an epoll ends its waits and unwatches everything", async () => {
	const { create, control, wait, close, lamp } = fixture();
	const epoll = create();
	const { fd, lamp: watched } = lamp();
	control(epoll, ADD, fd, IN);
	const waiting = begin(wait(epoll, 8, -1));
	await settled();
	assert.is(close(epoll), 0);
	await settled();
	assert.is(waiting.answer, EBADF);
	watched.set(IN);
	assert.is(await wait(epoll, 8, 0), EBADF);
	assert.is(await wait(fd, 8, 0), EBADF);
});

test("an abort of the run ends each wait by its reason, at once and before anything is ready", async () => {
	const { create, control, wait, lamp, abort, clock } = fixture();
	const epoll = create();
	control(epoll, ADD, lamp(OUT).fd, OUT);
	const waits = [begin(wait(create(), 8, -1)), begin(wait(create(), 8, 60_000))];
	await wait(epoll, 8, -1);
	const paused = begin(wait(epoll, 8, -1));
	await settled();
	const reason = new SpearError("cancelled", "enough");
	abort.abort(reason);
	await settled();
	for (const { error } of [...waits, paused]) assert.is(error, reason);
	assert.is(clock.pending, 0);
	assert.is(begin(wait(epoll, 8, 0)).answer, undefined);
	await wait(epoll, 8, 0).then(
		() => assert.unreachable("an aborted guest received an answer"),
		(error) => assert.is(error, reason),
	);
});

test("an answer is repeated after a pause that grows, and each change ends the pause", async () => {
	const { create, control, wait, lamp, clock } = fixture();
	const epoll = create();
	const { fd, lamp: watched } = lamp(OUT);
	control(epoll, ADD, fd, IN | OUT);
	assert.equal(await wait(epoll, 8, -1), [{ fd, events: OUT }]);
	for (const pause of [1, 2, 4, 8, 16, 32, 64, 64]) {
		const waiting = begin(wait(epoll, 8, -1));
		await clock.advance(pause - 0.5);
		assert.is(waiting.answer, undefined, `${pause} ms`);
		await clock.advance(0.5);
		assert.equal(waiting.answer, [{ fd, events: OUT }]);
	}
	const waiting = begin(wait(epoll, 8, -1));
	await settled();
	watched.set(IN | OUT);
	await settled();
	assert.equal(waiting.answer, [{ fd, events: IN | OUT }]);
	const again = begin(wait(epoll, 8, -1));
	await clock.advance(1);
	assert.equal(again.answer, [{ fd, events: IN | OUT }]);
});

test("a guest that uses its descriptors is answered without a pause", async () => {
	const { create, control, wait, lamp, clock } = fixture();
	const epoll = create();
	const { fd, lamp: watched } = lamp(OUT);
	control(epoll, ADD, fd, OUT);
	for (let count = 0; count < 20; count += 1) {
		assert.equal(await wait(epoll, 8, -1), [{ fd, events: OUT }]);
		watched.onChange();
	}
	assert.is(clock.now(), 0);
});

test("a pause is no longer than the wait may last, and a look has none", async () => {
	const { create, control, wait, lamp, clock } = fixture();
	const epoll = create();
	control(epoll, ADD, lamp(OUT).fd, OUT);
	for (let count = 0; count < 8; count += 1) assert.is((await fixtureAnswer(wait(epoll, 8, 0))).length, 1);
	const waiting = begin(wait(epoll, 8, 0.25));
	await clock.advance(0.25);
	assert.ok(Array.isArray(waiting.answer) && waiting.answer.length === 1);
});

async function fixtureAnswer(wait: Promise<readonly Ready[] | number>): Promise<readonly Ready[]> {
	const answer = await wait;
	assert.ok(Array.isArray(answer));
	return answer;
}

test("what is watched counts in the account of the guest, and a full account refuses more", () => {
	let bytes = 0;
	const memory = {
		...UNACCOUNTED,
		count: (_kind: string, more: number) => {
			bytes += more;
		},
		release: (_kind: string, less: number) => {
			bytes -= less;
		},
		hasRoom: (more: number) => bytes + more <= 10_000,
	};
	const { create, control, close, lamp } = fixture({ memory });
	const epoll = create();
	const opened = Array.from({ length: 20 }, () => lamp().fd);
	const results = opened.map((fd) => control(epoll, ADD, fd, IN));
	assert.is(results[0], 0);
	assert.is(results.at(-1), ENOMEM);
	assert.is(control(epoll, ADD, opened[0] ?? 0, OUT), 0, "a watched descriptor needs no more memory");
	control(epoll, DEL, opened[0] ?? 0, 0);
	assert.is(control(epoll, ADD, opened.at(-1) ?? 0, IN), 0);
	close(epoll);
	assert.is(bytes, 0);
});

test("any sequence of changes is answered as by a scan of everything", async () => {
	const number = fc.integer({ min: 0, max: 4 });
	const action = fc.oneof(
		fc.record({ set: number, bits: fc.integer({ min: 0, max: 31 }) }),
		fc.record({
			op: fc.constantFrom(ADD, MOD, DEL),
			epoll: fc.integer({ min: 0, max: 1 }),
			fd: number,
			interest: fc.integer({ min: 0, max: 63 }),
		}),
		fc.record({ close: number }),
		fc.record({ look: fc.integer({ min: 0, max: 1 }), max: fc.integer({ min: 1, max: 6 }) }),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
			const { create, control, fds, lamp, look } = fixture();
			const epolls = [create(), create()];
			const lamps = Array.from({ length: 5 }, () => lamp());
			const bits = [0, 0, 0, 0, 0];
			const closed = new Set<number>();
			const watched = epolls.map(() => new Map<number, number>());
			for (const step of actions) {
				if ("set" in step) {
					lamps[step.set]?.lamp.set(step.bits & ALL);
					if (!closed.has(step.set)) bits[step.set] = step.bits & ALL;
				} else if ("op" in step) {
					assert.is(control(epolls[step.epoll] ?? 0, step.op, lamps[step.fd]?.fd ?? 0, step.interest), 0);
					if (step.op === DEL) watched[step.epoll]?.delete(step.fd);
					else watched[step.epoll]?.set(step.fd, step.interest & ALL);
				} else if ("close" in step) {
					assert.is(fds.close(lamps[step.close]?.fd ?? 0), 0);
					if (!closed.has(step.close)) bits[step.close] = ((bits[step.close] ?? 0) & ERR) | HUP;
					closed.add(step.close);
				} else {
					const expected = [...(watched[step.look] ?? [])]
						.map(([index, interest]) => ({ fd: lamps[index]?.fd ?? 0, events: (bits[index] ?? 0) & interest }))
						.filter(({ events }) => events !== 0)
						.sort((a, b) => a.fd - b.fd)
						.slice(0, step.max);
					assert.equal(await look(epolls[step.look] ?? 0, step.max), expected);
				}
			}
		}),
		{ numRuns: 200 },
	);
});

test.run();
