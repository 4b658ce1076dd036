import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpareInstances } from "../../src/host/spare-instances.ts";

const turns = async (count: number): Promise<void> => {
	for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
};

test("instances are made one after another until the number is ready, and again after each run that takes one", async () => {
	const reserved: number[] = [];
	const spares = new SpareInstances({ reserve: (count) => reserved.push(count) }, 3);
	assert.equal(reserved, []);
	await turns(5);
	assert.equal(reserved, [1, 2, 3]);
	spares.taken();
	spares.taken();
	await turns(5);
	assert.equal(reserved, [1, 2, 3, 2, 3]);
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
	const reserved: number[] = [];
	new SpareInstances({ reserve: (count) => reserved.push(count) }, 0).taken();
	await turns(3);
	assert.equal(reserved, []);
});

test.run();
