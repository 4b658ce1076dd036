import { test } from "uvu";
import * as assert from "uvu/assert";
import { ActiveGuests } from "../../../../src/router/resilience/guests/active-guests.ts";

test("a guest is alone until another one sends a request", () => {
	const guests = new ActiveGuests();
	assert.equal([guests.record("a", 0), guests.record("a", 1), guests.isAlone(1)], [false, false, true]);
	assert.is(guests.record("b", 2), true);
	assert.is(guests.isAlone(2), false);
});

test("a guest is alone again when the others were silent for ten minutes", () => {
	const guests = new ActiveGuests();
	guests.record("a", 0);
	guests.record("b", 1);
	assert.equal([guests.isAlone(599_999), guests.isAlone(600_000)], [false, true]);
});

test("a guest that was alone is not alone any more when another one comes, however late", () => {
	const guests = new ActiveGuests();
	guests.record("a", 0);
	assert.equal([guests.record("b", 600_000), guests.isAlone(600_000)], [true, true]);
	assert.equal([guests.record("b", 600_001), guests.record("a", 600_002)], [false, true]);
});

test("a guest that others take turns with is never alone", () => {
	const guests = new ActiveGuests();
	const changes = ["a", "b", "c", "a", "a", "b"].map((guest, now) => guests.record(guest, now));
	assert.equal(changes, [false, true, false, false, false, false]);
});

test("a guest is not alone while another one has an agent", () => {
	const guests = new ActiveGuests();
	guests.record("a", 0);
	assert.equal([guests.add("a", 1), guests.add("b", 2), guests.add("b", 3), guests.isAlone(3)], [false, true, false, false]);
	guests.remove("b");
	assert.is(guests.isAlone(4), false);
	guests.remove("b");
	assert.is(guests.isAlone(5), true);
});

test.run();
