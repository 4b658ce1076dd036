/** Hosts in any interleaving grant no more than the limits allow. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Charge, Reservation } from "../../../src/router/limits/limit-store.ts";
import { settled } from "../../helpers/fake-clock.ts";
import { charge, LeaseRig, rate } from "../../helpers/leases.ts";

const HOSTS = 3;
const LIMITS = [rate(), rate({ bucket: "guest:g:tokens", capacity: 50, perMs: 0.05, unit: "tokens" }), charge()];

const amount = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 70, noNaN: true }));
const host = fc.nat(HOSTS - 1);
const step = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({ type: fc.constant("reserve" as const), host, limits: fc.subarray([0, 1, 2], { minLength: 1 }), amount }),
	},
	{ weight: 3, arbitrary: fc.record({ type: fc.constant("settle" as const), amount }) },
	{ weight: 3, arbitrary: fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 400 }) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("delay" as const), host, delayMs: fc.constantFrom(0, 0, 30, 1_500) }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("close" as const), host }) },
);

test("any interleaving of hosts grants at most capacity and refill, and what was returned", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
			const rig = new LeaseRig();
			const hosts = Array.from({ length: HOSTS }, (_, index) => rig.host(`h${index}`, index * 1e7));
			/** By limit: drawn, less what was returned. */
			const spent = LIMITS.map(() => 0);
			const open: { reservation: Reservation; drawn: number[]; limits: readonly number[] }[] = [];
			const check = (): void => {
				for (const [index, { capacity, perMs }] of LIMITS.entries()) {
					const most = capacity + perMs * rig.clock.now() + 1e-6;
					assert.ok((spent[index] ?? 0) <= most, `limit ${index}: ${spent[index]} of ${most}`);
				}
			};
			const reserve = (at: number, limits: readonly number[], asked: number): void => {
				const charges = limits.flatMap((index): Charge[] => (LIMITS[index] === undefined ? [] : [{ ...LIMITS[index], amount: asked }]));
				void Promise.resolve(hosts[at]?.limits.reserve(charges)).then((answer) => {
					if (answer?.granted !== true) return;
					const drawn = charges.map(({ capacity }) => Math.min(asked, capacity));
					for (const [place, index] of limits.entries()) spent[index] = (spent[index] ?? 0) + (drawn[place] ?? 0);
					open.push({ reservation: answer, drawn, limits });
					check();
				});
			};
			for (const each of steps) {
				if (each.type === "reserve") reserve(each.host, each.limits, each.amount);
				else if (each.type === "pass") await rig.clock.advance(each.ms);
				else if (each.type === "close") void hosts[each.host]?.limits.close();
				else if (each.type === "delay") {
					const room = hosts[each.host]?.room;
					if (room !== undefined) room.script = { delayMs: each.delayMs };
				} else {
					const first = open.shift();
					first?.reservation.settle(first.drawn.map(() => each.amount));
					// More than was drawn is owed: it takes from later grants alone.
					for (const [place, index] of (first?.limits ?? []).entries())
						spent[index] = (spent[index] ?? 0) - Math.max(0, (first?.drawn[place] ?? 0) - each.amount);
				}
				await settled();
				check();
			}
			await rig.clock.advance(3_000);
			check();
		}),
		{ numRuns: 150 },
	);
});

test.run();
