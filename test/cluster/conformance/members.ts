/** What every store keeps of the room `members`. */
import type { Test } from "uvu";
import * as assert from "uvu/assert";
import { MAX_MESSAGES, type Members, type Renewal } from "../../../src/cluster/members.ts";

/** A room under test. */
export interface MembersRig extends AsyncDisposable {
	readonly members: Members;
	/** Lets time pass. */
	pass(ms: number): Promise<void>;
}

const A = "a".repeat(16);
const B = "b".repeat(16);
const ONE = "1".repeat(64);
const TWO = "2".repeat(64);

const renewal = (given: Partial<Renewal> = {}): Renewal => ({
	name: "north",
	instance: A,
	digest: ONE,
	card: "a card",
	ttlMs: 60_000,
	...given,
});

/** Adds the tests of the room. */
export function testMembers(test: Test, open: () => Promise<MembersRig>): void {
	test("hosts are counted with those of the same configuration, also after a change of it", async () => {
		await using rig = await open();
		const { members } = rig;
		assert.equal(await members.renew(renewal()), { type: "renewed", hosts: 1, sameConfig: 1, messages: 0 });
		assert.equal(await members.renew(renewal({ name: "south", instance: B })), { type: "renewed", hosts: 2, sameConfig: 2, messages: 0 });
		assert.equal(await members.renew(renewal({ digest: TWO })), { type: "renewed", hosts: 2, sameConfig: 1, messages: 0 });
		assert.equal(await members.renew(renewal({ name: "south", instance: B })), { type: "renewed", hosts: 2, sameConfig: 1, messages: 0 });
	});

	test("the list has each host with its card and the time of its renewal, by name", async () => {
		await using rig = await open();
		const { members } = rig;
		for (let index = 0; index < 130; index++)
			await members.renew(renewal({ name: `h${1_000 + index}`, instance: String(index).padStart(16, "0"), card: `card ${index}` }));
		const { atMs, members: listed, refused } = await members.list();
		assert.equal(refused, []);
		assert.is(listed.length, 130);
		assert.equal(
			[listed[0], listed[129]].map((member) => [member?.name, member?.instance, member?.card]),
			[
				["h1000", "0".repeat(16), "card 0"],
				["h1129", `${"0".repeat(13)}129`, "card 129"],
			],
		);
		for (const { seenAtMs } of listed) assert.ok(seenAtMs <= atMs && seenAtMs > atMs - 60_000);
	});

	test("a name that another live instance has is held, until it is taken over", async () => {
		await using rig = await open();
		const { members } = rig;
		await members.renew(renewal());
		assert.equal(await members.renew(renewal({ instance: B })), { type: "held", by: A });
		assert.is((await members.renew(renewal({ instance: B, takeOver: true }))).type, "renewed");
		assert.equal(await members.renew(renewal()), { type: "held", by: B });
	});

	test("a host that leaves is gone at once, and takes no other instance of its name with it", async () => {
		await using rig = await open();
		const { members } = rig;
		await members.renew(renewal());
		await members.leave("north", B);
		assert.is((await members.list()).members.length, 1);
		await members.leave("north", A);
		assert.is((await members.list()).members.length, 0);
		assert.equal(await members.renew(renewal({ name: "south", instance: B })), { type: "renewed", hosts: 1, sameConfig: 1, messages: 0 });
	});

	test("a host without renewals is gone after its TTL, and its name is free", async () => {
		await using rig = await open();
		const { members } = rig;
		await members.renew(renewal({ ttlMs: 40 }));
		await members.renew(renewal({ name: "south", instance: B }));
		await rig.pass(60);
		assert.equal(
			(await members.list()).members.map(({ name }) => name),
			["south"],
		);
		assert.equal(await members.renew(renewal({ instance: "c".repeat(16) })), { type: "renewed", hosts: 2, sameConfig: 2, messages: 0 });
	});

	test("the right to change all hosts belongs to one instance, until it is returned or expires", async () => {
		await using rig = await open();
		const { members } = rig;
		assert.equal([await members.hold(A, 60_000), await members.hold(A, 60_000), await members.hold(B, 60_000)], [true, true, false]);
		await members.release(B);
		assert.is(await members.hold(B, 60_000), false);
		await members.release(A);
		assert.is(await members.hold(B, 40), true);
		await rig.pass(60);
		assert.is(await members.hold(A, 60_000), true);
	});

	test("messages arrive once and in order, the expired ones excepted", async () => {
		await using rig = await open();
		const { members } = rig;
		let notify = (): void => {};
		const end = members.onMessage(A, () => notify());
		const notified = new Promise<void>((resolve) => {
			notify = resolve;
		});
		await members.send(A, "late", 20);
		await members.send(A, "one", 60_000);
		await members.send(A, "two: ü", 60_000);
		await members.send(B, "for another", 60_000);
		await notified;
		end();
		await rig.pass(40);
		assert.equal(await members.renew(renewal()), { type: "renewed", hosts: 1, sameConfig: 1, messages: 3 });
		assert.equal(await members.receive(A), ["one", "two: ü"]);
		assert.equal(await members.receive(A), []);
	});

	test("of too many messages the oldest are lost", async () => {
		await using rig = await open();
		const { members } = rig;
		for (let index = 0; index <= MAX_MESSAGES; index++) await members.send(A, String(index), 60_000);
		const received = await members.receive(A);
		assert.equal([received.length, received[0], received.at(-1)], [MAX_MESSAGES, "1", String(MAX_MESSAGES)]);
	});
}
