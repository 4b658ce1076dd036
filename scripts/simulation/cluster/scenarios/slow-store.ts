import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { grantedOfLimit, mostInASecond } from "../limits-measures.ts";
import { limitsPanel } from "../limits-panel.ts";
import { simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST, type Scale } from "../scale.ts";

const SLOW = 8_000;
const FROM = 10_000;
const FOR = 40_000;

export const slowStore = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-slow-store${suffix}`,
	title: "the way to the store becomes slow",
	expected: `From ${SLOW / 1_000} s on each call takes 100 ms, 500 ms or 1.5 s longer. The last is longer than the timeout of a call, so that no call succeeds. Clients ask for 1.5 times
the limit. Good hosts ask ahead of need: they grant the limit all the same, and never more. Beyond the timeout they keep to the policy, here \`local_share\`.`,
	async play(seed) {
		const perSecond = hosts * PER_HOST;
		const variants = [];
		for (const addMs of [50, 250, 750]) {
			const run = await simulateLimits({
				seed,
				hosts,
				forMs: FOR,
				perSecond,
				demand: [{ from: 0, to: FOR, perSecond: 1.5 * perSecond }],
				faults: [{ from: SLOW, to: FOR, fault: { type: "slow", addMs } }],
			});
			variants.push({ label: `${2 * addMs} ms`, run });
		}
		const granted = variants.map(({ run }) => grantedOfLimit(run, FROM, FOR));
		return {
			table: limitsTable("a call takes longer by", variants, [FROM, FOR]),
			checks: [
				atLeast("granted, at 100 ms", granted[0] ?? Number.NaN, 0.9, "share"),
				atLeast("granted, at 500 ms", granted[1] ?? Number.NaN, 0.8, "share"),
				atLeast("granted, at 1.5 s", granted[2] ?? Number.NaN, 0.8, "share"),
				atMost("granted, of the limit", Math.max(...granted), 1.02, "share"),
				atMost("most grants in a second", Math.max(...variants.map(({ run }) => mostInASecond(run, FROM, FOR))), 1.3, "share"),
			],
			panel: limitsPanel(variants, { shaded: [SLOW, FOR] }),
		};
	},
});
