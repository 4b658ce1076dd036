import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestWeight } from "../../src/host/guest-weight.ts";
import { guestIdentity } from "../../src/identity/guest-identity.ts";

test("a guest has the weight of its own entry, else that of the entry for all others, else 1", () => {
	const settings = new Map([
		["a", { weight: 5 }],
		["*", { weight: 2 }],
	]);
	assert.is(guestWeight(settings, guestIdentity("a")), 5);
	assert.is(guestWeight(settings, guestIdentity("b")), 2);
	assert.is(guestWeight(settings, guestIdentity(undefined)), 2);
	assert.is(guestWeight(new Map(), guestIdentity("a")), 1);
});

test.run();
