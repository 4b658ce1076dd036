import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EBADF, ENOMEM } from "../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../generated/hostcall/core/poll.ts";
import { FdObject, FdTable } from "../../../src/hostcall/core/fd-table.ts";

/** Descriptors by number: what guests may rely on whatever they open and close. */

class Lamp extends FdObject {
	readonly kind = "Mic";
	bits = 0;
	disposals = 0;
	onDispose: () => void = () => {};

	mask(): number {
		return this.bits;
	}

	override metrics(): { bits: number } {
		return { bits: this.bits };
	}

	override [Symbol.dispose](): void {
		this.disposals += 1;
		this.onDispose();
	}
}

class Bell extends Lamp {}

test("numbers start at 1000, rise by one, and are never used again", () => {
	const fds = new FdTable(8);
	assert.is(fds.open(new Lamp()), 1000);
	assert.is(fds.open(new Lamp()), 1001);
	assert.is(fds.close(1001), 0);
	assert.is(fds.open(new Lamp()), 1002);
});

test("beyond the limit a descriptor is refused and its object disposed, until another is closed", () => {
	const fds = new FdTable(1);
	const fd = fds.open(new Lamp());
	const refused = new Lamp();
	assert.is(fds.open(refused), ENOMEM);
	assert.is(refused.disposals, 1);
	fds.close(fd);
	assert.is(fds.open(new Lamp()), fd + 1);
});

test("an object is found by its class only while its descriptor is open", () => {
	const fds = new FdTable(8);
	const lamp = new Lamp();
	const fd = fds.open(lamp);
	assert.is(fds.get(fd, Lamp), lamp);
	assert.is(fds.get(fd, Bell), EBADF);
	assert.is(fds.get(fd + 1, Lamp), EBADF);
	fds.close(fd);
	assert.is(fds.get(fd, Lamp), EBADF);
});

test("a descriptor of any kind is closed once, and closing it again succeeds for ever", () => {
	const fds = new FdTable(8);
	const lamp = new Lamp();
	const fd = fds.open(lamp);
	assert.is(fds.close(999), EBADF);
	assert.is(fds.close(fd + 1), EBADF);
	for (let count = 0; count < 3; count += 1) assert.is(fds.close(fd), 0);
	assert.is(lamp.disposals, 1);
	for (let count = 0; count < 5_000; count += 1) fds.close(fds.open(new Lamp()));
	assert.is(fds.close(fd), 0);
	assert.is(fds.entry(fd), undefined);
	assert.is(fds.isKnown(fd), true);
});

test("a closed descriptor hangs up, keeps its error and its counts, and can be neither read nor written", () => {
	const fds = new FdTable(8);
	const lamp = new Lamp();
	lamp.bits = Events.epollin | Events.epollout | Events.epollerr;
	const fd = fds.open(lamp);
	fds.close(fd);
	lamp.bits = 0;
	const entry = fds.entry(fd);
	assert.is(entry?.isClosed, true);
	assert.is(entry?.mask, Events.epollerr | Events.epollhup);
	assert.equal(entry?.metrics, { bits: Events.epollin | Events.epollout | Events.epollerr });
});

test("the watchers of a descriptor are notified of changes and of its close, and never again", () => {
	const fds = new FdTable(8);
	const lamp = new Lamp();
	const fd = fds.open(lamp);
	const heard: number[] = [];
	const watcher = { changed: (changed: number) => heard.push(changed) };
	fds.entry(fd)?.watch(watcher);
	lamp.onChange();
	assert.equal(heard, [fd]);
	fds.close(fd);
	assert.equal(heard, [fd, fd]);
	lamp.onChange();
	fds.close(fd);
	assert.equal(heard, [fd, fd]);
});

test("the end of the table disposes every object, also if one of them throws", () => {
	const fds = new FdTable(8);
	const lamps = [new Lamp(), new Lamp(), new Lamp()];
	for (const lamp of lamps) fds.open(lamp);
	const broken = lamps[1];
	if (broken !== undefined) {
		broken.onDispose = () => {
			throw new Error("broken");
		};
	}
	assert.throws(() => fds[Symbol.dispose](), "broken");
	assert.equal(
		lamps.map(({ disposals }) => disposals),
		[1, 1, 1],
	);
	assert.is(fds.size, 0);
});

test("any sequence of opens and closes agrees with a model", () => {
	const step = fc.oneof(fc.record({ open: fc.constant(true) }), fc.record({ close: fc.integer({ min: 995, max: 1030 }) }));
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 6 }), fc.array(step, { maxLength: 60 }), (max, steps) => {
			const fds = new FdTable(max);
			const open = new Map<number, Lamp>();
			let next = 1000;
			for (const action of steps) {
				if ("open" in action) {
					const lamp = new Lamp();
					const fd = fds.open(lamp);
					assert.is(fd, open.size < max ? next : ENOMEM);
					if (fd === ENOMEM) continue;
					open.set(fd, lamp);
					next += 1;
				} else {
					assert.is(fds.close(action.close), action.close >= 1000 && action.close < next ? 0 : EBADF);
					const closed = open.get(action.close);
					if (closed !== undefined) assert.is(closed.disposals, 1);
					open.delete(action.close);
				}
				assert.is(fds.size, open.size);
				for (const [fd, lamp] of open) assert.is(fds.get(fd, Lamp), lamp);
			}
			fds[Symbol.dispose]();
			for (const lamp of open.values()) assert.is(lamp.disposals, 1);
		}),
	);
});

test.run();
