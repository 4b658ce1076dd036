import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Refusal, Reservation } from "../../../src/router/limits/limit-store.ts";
import { charge, LeaseRig, now, rate } from "../../helpers/leases.ts";

/** Returns the answer, however long it takes. */
async function answerOf(rig: LeaseRig, answer: Reservation | Refusal | Promise<Reservation | Refusal>): Promise<Reservation | Refusal> {
	let settled: Reservation | Refusal | undefined;
	void Promise.resolve(answer).then((value) => {
		settled = value;
	});
	for (let ms = 0; ms < 5_000 && settled === undefined; ms += 10) await rig.clock.advance(ms === 0 ? 0 : 10);
	if (settled === undefined) throw new Error("there is no answer");
	return settled;
}

/** Returns the level of a bucket in the store. */
async function levelOf(rig: LeaseRig, bucket: Parameters<typeof charge>[0] = {}): Promise<number | undefined> {
	const { bucket: name, capacity, perMs } = charge(bucket);
	const nothing = { want: 0, atLeast: 0, isWaiting: false, unused: 0, owed: 0, demand: 0, held: 0 };
	return (await rig.store.exchange("observer", [{ bucket: name, owner: "o", capacity, perMs, ...nothing }]))[0]?.level;
}

test("a request waits for the first slice, and the next ones are decided at once", async () => {
	const rig = new LeaseRig();
	const { limits, room } = rig.host("a");
	const first = limits.reserve([charge()]);
	assert.ok(first instanceof Promise);
	assert.is((await answerOf(rig, first)).granted, true);
	for (let i = 0; i < 20; i++) {
		assert.is(now(limits.reserve([charge()])).granted, true);
		await rig.clock.advance(10);
	}
	assert.ok(room.exchanges.length < 10);
	assert.equal(limits.counts.immediate, 20);
});

test("requests of the same moment share one exchange, also for several buckets", async () => {
	const rig = new LeaseRig();
	const { limits, room } = rig.host("a");
	const answers = Array.from({ length: 50 }, (_, index) => limits.reserve([charge({ bucket: `guest:${index % 5}:money` })]));
	for (const answer of answers) assert.is((await answerOf(rig, answer)).granted, true);
	assert.equal(
		room.exchanges.map((requests) => requests.length),
		[5],
	);
});

test("a limit that is used up refuses at once, and tells when to come back", async () => {
	const rig = new LeaseRig();
	const { limits } = rig.host("a");
	for (let i = 0; i < 10; i++) assert.is((await answerOf(rig, limits.reserve([rate()]))).granted, true);
	await answerOf(rig, limits.reserve([rate()]));
	assert.equal(now(limits.reserve([rate()])), { granted: false, bucket: "guest:g:requests:second", retryAfterMs: 25 });
	await rig.clock.advance(100);
	assert.is((await answerOf(rig, limits.reserve([rate()]))).granted, true);
});

test("several charges are drawn all, or none of them", async () => {
	const rig = new LeaseRig();
	const { limits } = rig.host("a");
	const [rich, poor] = [charge({ bucket: "guest:g:money" }), charge({ bucket: "guest:p:money", amount: 60 })];
	assert.is((await answerOf(rig, limits.reserve([rich, poor]))).granted, true);
	const before = limits.level("guest:g:money");
	const refusal = await answerOf(rig, limits.reserve([rich, poor]));
	assert.equal([refusal.granted, !refusal.granted && refusal.bucket], [false, "guest:p:money"]);
	assert.is(limits.level("guest:g:money"), before);
	await limits.close();
	assert.equal([await levelOf(rig), await levelOf(rig, { bucket: "guest:p:money" })], [99, 40]);
});

test("slices go back when their host is idle, and when it closes", async () => {
	const rig = new LeaseRig();
	const [{ limits: a }, { limits: b }] = [rig.host("a"), rig.host("b")];
	for (const limits of [a, b]) for (let i = 0; i < 5; i++) await answerOf(rig, limits.reserve([charge()]));
	await b.close();
	await rig.clock.advance(1_300);
	assert.is(Math.round((await levelOf(rig)) ?? 0), 90);
	assert.is(rig.clock.pending > 0, true);
	await rig.clock.advance(2_000);
	assert.is(rig.clock.pending, 0);
});

test("actual amounts replace estimates: the rest returns, and more is owed", async () => {
	const rig = new LeaseRig();
	const { limits } = rig.host("a");
	const [less, more] = [await answerOf(rig, limits.reserve([charge({ amount: 20 })])), await answerOf(rig, limits.reserve([charge()]))];
	if (!less.granted || !more.granted) throw new Error("refused");
	less.settle([5]);
	less.settle([0]);
	more.settle([140]);
	await limits.close();
	assert.is(await levelOf(rig), -45);
});

test("a slice whose answer comes late is not spent: a process that was stopped has no old slices", async () => {
	const rig = new LeaseRig();
	const { limits, room } = rig.host("a");
	room.script = { delayMs: 1_100 };
	const answer = await answerOf(rig, limits.reserve([rate()]));
	assert.is(answer.granted, false);
	assert.is(limits.report()[0]?.held ?? 0, 0);
});

test("a slice that was held over a stop of the process cannot be spent after it", async () => {
	const rig = new LeaseRig();
	const { limits } = rig.host("a");
	for (let i = 0; i < 3; i++) await answerOf(rig, limits.reserve([rate()]));
	assert.ok((limits.report()[0]?.held ?? 0) > 0);
	const real = rig.clock.now.bind(rig.clock);
	rig.clock.now = () => real() + 20_000; // No timer has fired.
	assert.is(limits.report()[0]?.held, 0);
	assert.ok(limits.reserve([rate()]) instanceof Promise);
});

test("an exchange that may have been carried out gives nothing back twice", async () => {
	const rig = new LeaseRig();
	const { limits, room } = rig.host("a");
	const reserved = await answerOf(rig, limits.reserve([charge({ amount: 50 })]));
	if (!reserved.granted) throw new Error("refused");
	room.script = { fails: "after" };
	reserved.settle([0]);
	await rig.clock.advance(1_500);
	room.script = {};
	await rig.clock.advance(5_000);
	await limits.close();
	const level = (await levelOf(rig)) ?? Number.NaN;
	assert.ok(level <= 100 && level >= 40, `${level}`);
});

test("while the store is unreachable a host keeps to its share of what was left, and owes it afterwards", async () => {
	const rig = new LeaseRig();
	const { limits } = rig.host("a");
	const { limits: other } = rig.host("b");
	for (const each of [limits, other]) await answerOf(rig, each.reserve([charge({ amount: 10 })]));
	await answerOf(rig, limits.reserve([charge({ amount: 10 })]));
	rig.connection.set(false);
	let granted = 0;
	for (let i = 0; i < 100; i++) {
		const answer = now(limits.reserve([charge()]));
		if (answer.granted) granted += 1;
		else assert.match(answer.detail ?? "", "cannot be used (cut): this host uses one of 2 parts");
	}
	const held = 70; // Left in the store or held by one of both.
	assert.ok(granted <= held / 2 + 20 && granted > 20, `${granted}`);
	assert.equal(
		rig.changes.map(({ unit, policy, hosts, isAssumed }) => [unit, policy, hosts, isAssumed]),
		[["money", "local_share", 2, false]],
	);
	rig.connection.set(true);
	await rig.clock.advance(100);
	assert.equal(rig.changes[1]?.policy, undefined);
	await Promise.all([limits.close(), other.close()]);
	assert.is(await levelOf(rig), 70 - granted);
});

test("a host that never reached the store assumes to be alone, and says so", () => {
	const rig = new LeaseRig();
	rig.connection.set(false);
	const { limits } = rig.host("a");
	const granted = Array.from({ length: 120 }, () => now(limits.reserve([charge()])).granted).filter(Boolean).length;
	assert.is(granted, 100);
	assert.equal(rig.changes, [{ unit: "money", policy: "local_share", hosts: 1, isAssumed: true, fault: "cut" }]);
});

test("a share of a rate owes at most what the bucket has lost", async () => {
	const rig = new LeaseRig();
	const { limits } = rig.host("a");
	await answerOf(rig, limits.reserve([rate()]));
	rig.connection.set(false);
	for (let ms = 0; ms < 60_000; ms += 10) {
		limits.reserve([rate()]);
		await rig.clock.advance(10);
	}
	rig.connection.set(true);
	await rig.clock.advance(20);
	const level = (await levelOf(rig, rate())) ?? Number.NaN;
	assert.ok(level >= -10 && level < 5, `${level}`);
});

for (const [policy, granted] of [
	["allow", true],
	["refuse", false],
] as const) {
	test(`the policy ${policy} ${granted ? "allows" : "refuses"} requests while the store is unreachable`, () => {
		const rig = new LeaseRig();
		rig.policies = { ...rig.policies, money: policy };
		rig.connection.set(false);
		const { limits } = rig.host("a");
		const answers = Array.from({ length: 200 }, () => now(limits.reserve([charge()])));
		assert.ok(answers.every((answer) => answer.granted === granted));
	});
}

test("a hostile value in the store is told once, and the policy applies to that bucket until it is gone", async () => {
	const rig = new LeaseRig();
	const { limits, room } = rig.host("a");
	room.script = { fails: "invalid" };
	for (let i = 0; i < 3; i++) assert.is((await answerOf(rig, limits.reserve([charge()]))).granted, true);
	assert.equal([rig.faults, limits.report()[0]?.state], [["guest:g:money"], "local_share"]);
	room.script = {};
	await rig.clock.advance(1_100);
	assert.is(limits.report()[0]?.state, "exact");
});

test("a host with little demand gets what it needs beside one with a huge demand", async () => {
	const rig = new LeaseRig();
	const [{ limits: huge }, { limits: small }] = [rig.host("huge"), rig.host("small")];
	let [granted, asked] = [0, 0];
	for (let ms = 0; ms < 10_000; ms += 10) {
		for (let i = 0; i < 20; i++) void huge.reserve([rate()]);
		if (ms % 200 === 0) {
			asked += 1;
			const answer = small.reserve([rate()]);
			void Promise.resolve(answer).then((value) => {
				if (value.granted) granted += 1;
			});
		}
		await rig.clock.advance(10);
	}
	assert.ok(granted >= asked * 0.8, `${granted} of ${asked}`);
});

test("the rest of a budget that another host holds comes to the host that lacks it", async () => {
	const rig = new LeaseRig();
	const [{ limits: holder }, { limits: needy }] = [rig.host("holder"), rig.host("needy")];
	for (let i = 0; i < 60; i++) {
		await answerOf(rig, holder.reserve([charge()]));
		await rig.clock.advance(5);
	}
	const held = holder.report()[0]?.held ?? 0;
	assert.ok(held > 5);
	const need = charge({ amount: 40 - held / 2 });
	const refusal = await answerOf(rig, needy.reserve([need]));
	assert.equal(refusal.granted ? undefined : refusal.retryAfterMs, 1_000);
	await rig.clock.advance(1_500);
	assert.is((await answerOf(rig, needy.reserve([need]))).granted, true);
});

test.run();
