import { test } from "uvu";
import * as assert from "uvu/assert";
import { PendingQueue, type PendingRequest } from "../../../src/router/resilience/pending-queue.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";

/** A room with places that a test frees, and who got one. */
class Places {
	readonly clock = new FakeClock();
	readonly room: PendingQueue;
	readonly got: string[] = [];
	free = 0;

	constructor(most = 10) {
		this.room = new PendingQueue(this.clock, most);
	}

	/** Somebody waits; their name is in `got` when they have a place, `name?` when time is up, `name!` when it rejects. */
	enter(name: string, more: Partial<PendingRequest<string>> = {}): void {
		const take = (): string | undefined => {
			if (this.free === 0) return undefined;
			this.free -= 1;
			return name;
		};
		this.room.wait({ take, nextChance: () => Number.POSITIVE_INFINITY, until: 100, signal: new AbortController().signal, ...more }).then(
			(place) => this.got.push(place ?? `${name}?`),
			() => this.got.push(`${name}!`),
		);
	}

	/** So many places come free, one after the other. */
	async release(count = 1): Promise<void> {
		for (let i = 0; i < count; i++) {
			this.free += 1;
			this.room.notify();
		}
		await settled();
	}
}

test("who came first is served first", async () => {
	const places = new Places();
	for (const name of ["a", "b", "c"]) places.enter(name);
	await places.release();
	assert.equal(places.got, ["a"]);
	await places.release(2);
	assert.equal([places.got, places.room.size], [["a", "b", "c"], 0]);
});

test("a place that is of no use to the first goes to the next who can use it", async () => {
	const places = new Places();
	places.enter("a", { take: () => undefined });
	places.enter("b");
	await places.release();
	assert.equal([places.got, places.room.size], [["b"], 1]);
});

test("who has waited long enough leaves without a place", async () => {
	const places = new Places();
	places.enter("a");
	await places.clock.advance(99);
	assert.equal(places.got, []);
	await places.clock.advance(1);
	assert.equal([places.got, places.room.size, places.clock.pending], [["a?"], 0, 0]);
});

test("who gives up leaves at once, and no place is lost on them", async () => {
	const places = new Places();
	const abort = new AbortController();
	places.enter("a", { signal: abort.signal });
	places.enter("b");
	abort.abort();
	await places.release();
	assert.equal([places.got, places.room.size], [["a!", "b"], 0]);
});

test("who has given up already does not wait", async () => {
	const places = new Places();
	places.enter("a", { signal: AbortSignal.abort() });
	await settled();
	assert.equal([places.got, places.room.size, places.clock.pending], [["a!"], 0, 0]);
});

test("a place that comes about by itself is taken at its time", async () => {
	const places = new Places();
	places.clock.after(40, () => {
		places.free += 1;
	});
	places.enter("a", { nextChance: () => 40 });
	await places.clock.advance(39);
	assert.equal(places.got, []);
	await places.clock.advance(1);
	assert.equal(places.got, ["a"]);
});

test("a chance that another has taken is not waited for at once again", async () => {
	const places = new Places();
	let asked = 0;
	const take = (): undefined => {
		asked += 1;
	};
	places.enter("a", { take, nextChance: () => 0 });
	await places.clock.advance(20);
	assert.ok(asked > 1 && asked <= 21, `asked ${asked} times`);
});

test("it is full when as many wait as may, and those who do stay when fewer may", () => {
	const places = new Places(2);
	places.enter("a");
	assert.is(places.room.full, false);
	places.enter("b");
	assert.is(places.room.full, true);
	places.room.resize(1);
	assert.equal([places.room.size, places.room.full], [2, true]);
	places.room.resize(3);
	assert.is(places.room.full, false);
});

test.run();
