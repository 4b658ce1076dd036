import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpareInstances } from "../../src/host/spare-instances.ts";

/** A component that notes how many instances are ready after each that it makes. */
class Guest {
	readonly ready: number[] = [];
	#count = 0;

	reserve(count: number): boolean {
		if (this.#count < count) this.ready.push(++this.#count);
		return this.#count < count;
	}

	take(count: number): void {
		this.#count -= count;
	}
}

const turns = async (count: number): Promise<void> => {
	for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
};

test("instances are made one after another until the number is ready, and again after each run that takes one", async () => {
	const guest = new Guest();
	const spares = new SpareInstances(guest, 3);
	assert.equal(guest.ready, []);
	await turns(5);
	assert.equal(guest.ready, [1, 2, 3]);
	guest.take(2);
	spares.taken();
	spares.taken();
	await turns(5);
	assert.equal(guest.ready, [1, 2, 3, 2, 3]);
});

test("two agents of one component share what is ready", async () => {
	const guest = new Guest();
	const [few, many] = [new SpareInstances(guest, 1), new SpareInstances(guest, 2)];
	await turns(5);
	assert.equal(guest.ready, [1, 2]);
	guest.take(2);
	many.taken();
	many.taken();
	await turns(5);
	assert.equal(guest.ready, [1, 2, 1, 2]);
	guest.take(1);
	few.taken();
	await turns(5);
	assert.equal(guest.ready, [1, 2, 1, 2], "one is ready, and `few` asks for no more");
});

test("a guest that cannot be instantiated is tried once, and again with its next run", async () => {
	let tries = 0;
	const spares = new SpareInstances(
		{
			reserve() {
				tries += 1;
				throw new Error("it traps at its start");
			},
		},
		2,
	);
	await turns(5);
	assert.is(tries, 1);
	spares.taken();
	await turns(5);
	assert.is(tries, 2);
});

test("an engine without spare instances, and the number 0, make none", async () => {
	new SpareInstances({}, 5).taken();
	const guest = new Guest();
	new SpareInstances(guest, 0).taken();
	await turns(3);
	assert.equal(guest.ready, []);
});

test.run();
