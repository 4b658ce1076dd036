/** What every store keeps of the room `hints`. */
import type { Test } from "uvu";
import * as assert from "uvu/assert";
import { HINT_LIMITS, type Hint, type ReceivedHint, type SharedHints } from "../../../src/cluster/hints.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";

/** A room under test. */
export interface HintsRig extends AsyncDisposable {
	readonly hints: SharedHints;
	/** Lets time pass. */
	pass(ms: number): Promise<void>;
	/** Resolves when the subscriptions of the room are in effect. */
	subscribed(): Promise<void>;
}

export const openHint = (given: Partial<Hint> = {}): Hint => ({
	kind: "breaker_open",
	backend: "a",
	operation: "chat_completions",
	key: "",
	failures: 5,
	guests: "none",
	leftMs: 60_000,
	...given,
});

const described = (hints: readonly ReceivedHint[]): string[] =>
	hints.map(({ host, kind, backend, key }) => `${host} ${kind} ${backend}${key}`).sort();

/** Adds the tests of the room. */
export function testHints(test: Test, open: () => Promise<HintsRig>): void {
	test("the hints of all hosts are present, with the rest of their time", async () => {
		await using rig = await open();
		await rig.hints.publish("north", [openHint(), openHint({ backend: "é b", guests: "abc", failures: 3 })]);
		await rig.hints.publish("south", [openHint({ kind: "key_cooldown", operation: "", key: "n1.x", failures: 0, leftMs: 700_000 })]);
		const { hints, refused } = await rig.hints.present();
		assert.equal(described(hints), ["north breaker_open a", "north breaker_open é b", "south key_cooldown an1.x"]);
		assert.is(refused, 0);
		const [long] = hints.filter(({ host }) => host === "south");
		assert.ok(long !== undefined && long.leftMs > 590_000 && long.leftMs <= 600_000);
		const [other] = hints.filter(({ backend }) => backend === "é b");
		assert.equal([other?.operation, other?.failures, other?.guests], ["chat_completions", 3, "abc"]);
	});

	test("a newer hint of a host replaces its older one on the same backend and operation, and that of no other", async () => {
		await using rig = await open();
		await rig.hints.publish("north", [openHint(), openHint({ operation: "embeddings" })]);
		await rig.hints.publish("south", [openHint()]);
		await rig.hints.publish("north", [openHint({ kind: "breaker_closed" })]);
		const { hints } = await rig.hints.present();
		assert.equal(described(hints), ["north breaker_closed a", "north breaker_open a", "south breaker_open a"]);
	});

	test("a hint ends after its time", async () => {
		await using rig = await open();
		await rig.hints.publish("north", [openHint({ leftMs: 60 }), openHint({ backend: "b" })]);
		await rig.hints.publish("south", [openHint({ leftMs: 60 })]);
		await rig.pass(80);
		assert.equal(described((await rig.hints.present()).hints), ["north breaker_open b"]);
	});

	test("a host keeps no more than 256 hints: those that end last", async () => {
		await using rig = await open();
		for (let call = 0; call < 5; call++)
			await rig.hints.publish(
				"flood",
				Array.from({ length: 64 }, (_, index) => openHint({ backend: `${call}-${index}`, leftMs: 300_000 - call * 50_000 })),
			);
		const { hints } = await rig.hints.present();
		assert.is(hints.length, HINT_LIMITS.perHost);
		assert.not(hints.some(({ backend }) => backend.startsWith("4-")));
	});

	test("a host subscribed to hints receives those of all hosts, until it ends that", async () => {
		await using rig = await open();
		const received: ReceivedHint[] = [];
		let notify = (): void => {};
		const end = rig.hints.subscribe((hint) => {
			received.push(hint);
			notify();
		});
		await rig.subscribed();
		const two = new Promise<void>((resolve) => {
			notify = () => {
				if (received.length === 2) resolve();
			};
		});
		await rig.hints.publish("north", [openHint({ leftMs: 1_234 }), openHint({ backend: "b", leftMs: -5 })]);
		await two;
		assert.equal(
			received.map(({ host, backend, leftMs }) => [host, backend, leftMs]),
			[
				["north", "a", 1_234],
				["north", "b", 1],
			],
		);
		end();
		await rig.hints.publish("north", [openHint()]);
		await rig.hints.present();
		assert.is(received.length, 2);
	});

	test("hints that no host would accept are refused before they are written", async () => {
		await using rig = await open();
		const bad: readonly (readonly [string, readonly Hint[]])[] = [
			["two\nlines", [openHint()]],
			["", [openHint()]],
			["north", [openHint({ backend: "x".repeat(129) })]],
			["north", [openHint({ guests: "" })]],
			["north", [openHint({ failures: -1 })]],
			["north", [openHint({ key: "n1.x" })]],
			["north", [openHint({ kind: "key_rejected" })]],
			["north", Array.from({ length: 65 }, () => openHint())],
		];
		for (const [host, hints] of bad)
			await rig.hints.publish(host, hints).then(
				() => assert.unreachable(JSON.stringify([host, hints[0]])),
				(error: unknown) => assert.is(error instanceof StoreError && error.reason, "invalid_value"),
			);
		assert.equal((await rig.hints.present()).hints, []);
	});
}
