import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { encodeCard, type HostCard, NO_LOAD, readCard } from "../../src/cluster/host-card.ts";
import { MAX_CARD_BYTES } from "../../src/cluster/members.ts";
import { StoreError } from "../../src/cluster/store-error.ts";

const test = suite("the card of a host");

const CARD: HostCard = {
	version: "0.1.0",
	startedAtMs: 1_000,
	state: "serving",
	isReady: true,
	config: { digest: "0a".repeat(32), version: 2, sinceMs: 2_000 },
	load: {
		...NO_LOAD,
		inFlight: 3,
		requestsPerS: 1.5,
		backends: [{ name: "east", state: "open" }],
		leases: [{ name: "guest shop: requests", amount: 25 }],
	},
};

test("a card is read as it was written", () => {
	assert.equal(readCard(encodeCard(CARD)), CARD);
});

test("a card is at most as large as the store allows, and any names in it can be read", () => {
	const amounts = fc.array(fc.record({ name: fc.string({ unit: "binary", maxLength: 300 }), amount: fc.nat() }), { maxLength: 200 });
	fc.assert(
		fc.property(amounts, amounts, (leases, queue) => {
			const text = encodeCard({ ...CARD, load: { ...CARD.load, leases, queue } });
			assert.ok(Buffer.byteLength(text) <= MAX_CARD_BYTES);
			const { load } = readCard(text);
			assert.is(load.isCut, load.leases.length < leases.length || load.queue.length < queue.length);
		}),
	);
});

test("long lists are cut, and the card says so", () => {
	const leases = Array.from({ length: 1_000 }, (_, index) => ({ name: `limit ${index} ${"x".repeat(200)}`, amount: index }));
	const { load } = readCard(encodeCard({ ...CARD, load: { ...CARD.load, leases, hints: leases, queue: leases } }));
	assert.equal([load.leases.length, load.isCut, load.leases[0]?.name.length], [32, true, 128]);
});

for (const [name, change, message] of [
	["another form", { form: 2 }, /another version of this package/],
	["a state that is none", { state: "hacked" }, /state/],
	["a negative number", { load: { ...CARD.load, inFlight: -1 } }, /load\.inFlight/],
	["a number as text", { startedAtMs: "1" }, /startedAtMs/],
	["an escape sequence in a name", { load: { ...CARD.load, leases: [{ name: "\u001b[2J", amount: 1 }] } }, /load\.leases\.name/],
	["too long a list", { load: { ...CARD.load, queue: Array.from({ length: 65 }, () => ({ name: "a", amount: 1 })) } }, /load\.queue/],
	["a digest that is none", { config: { ...CARD.config, digest: "<script>" } }, /config\.digest/],
	["no load", { load: null }, /load/],
] as const) {
	test(`a card with ${name} is refused`, () => {
		const text = JSON.stringify({ ...JSON.parse(encodeCard(CARD)), ...change });
		assert.throws(
			() => readCard(text),
			(thrown: unknown) => thrown instanceof StoreError && thrown.reason === "invalid_value" && message.test(thrown.message),
		);
	});
}

test("any text is read or refused", () => {
	fc.assert(
		fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
			assert.throws(
				() => readCard(text),
				(thrown: unknown) => thrown instanceof StoreError,
			);
		}),
	);
});

test.run();
