import { test } from "uvu";
import * as assert from "uvu/assert";
import { NO_GUEST } from "../../../src/identity/guest-identity.ts";
import { Affinity } from "../../../src/router/load-balancing/affinity.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { tableOf } from "../eligibility/table.ts";
import { load } from "./policies/picking.ts";

/** Four candidates, of which `home` served the session `s` last. */
function served() {
	const [home, ...others] = ["a", "b", "c", "d"].map((name) => fakeInstance(name));
	if (home === undefined) throw new Error("no instance");
	const { candidates } = tableOf([home, ...others]).resolve(chatEnvelope(), NO_GUEST);
	const affinity = new Affinity();
	affinity.recordServed("s", home, 0);
	return { home, affinity, candidates };
}

for (const { requests, stays } of [
	{ requests: 7, stays: true },
	{ requests: 8, stays: false },
]) {
	test(`a session ${stays ? "stays at" : "leaves"} an instance with ${requests} requests when the average is 2`, () => {
		const { home, affinity, candidates } = served();
		load(home, requests);
		// 4 requests, plus twice the average of 8 requests over 4 candidates.
		assert.is(affinity.find("s", candidates, 8, 0), stays ? home : undefined);
	});
}

test("the session that was used longest ago is forgotten when there are more than 10,000", () => {
	const { home, affinity, candidates } = served();
	for (let i = 1; i < 10_000; i++) affinity.recordServed(`s${i}`, home, 0);
	affinity.recordServed("s", home, 0);
	affinity.recordServed("one more", home, 0);
	const found = { usedAgain: affinity.find("s", candidates, 0, 0), oldest: affinity.find("s1", candidates, 0, 0) };
	assert.equal({ usedAgain: found.usedAgain?.name, oldest: found.oldest?.name }, { usedAgain: "a", oldest: undefined });
});

test("a session has an identifier of bounded length that differs with the end of a long key", () => {
	const long = "x".repeat(10_000);
	const [one, other] = [Affinity.sessionOf("op", "g", `${long}1`), Affinity.sessionOf("op", "g", `${long}2`)];
	assert.ok(one.length < 100);
	assert.is.not(one, other);
});

test("one guest displaces no session of another one", () => {
	const { home, affinity, candidates } = served();
	const [hostile, victim] = ["hostile", "victim"].map((guest) => ({ guest, alone: false }));
	affinity.recordServed("s", home, 0, victim);
	for (let i = 0; i < 20_000; i++) affinity.recordServed(`s${i}`, home, 0, hostile);
	const found = {
		victim: affinity.find("s", candidates, 0, 0, "victim"),
		last: affinity.find("s19999", candidates, 0, 0, "hostile"),
		first: affinity.find("s17499", candidates, 0, 0, "hostile"),
	};
	assert.equal([found.victim?.name, found.last?.name, found.first?.name], ["a", "a", undefined]);
});

test.run();
