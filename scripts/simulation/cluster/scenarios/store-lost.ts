import type { UnreachablePolicy } from "../../../../src/cluster/leases/unreachable-policy.ts";
import { atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { excessSeconds, grantedOfLimit, mostInASecond, secondsUntilExact } from "../limits-measures.ts";
import { limitsPanel } from "../limits-panel.ts";
import { type LimitsRun, simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST, type Scale } from "../scale.ts";

const FROM = 10_000;
const BACK = 40_000;
const FOR = 55_000;

/** Time after the loss in which hosts still spend what they hold. */
const SETTLED = FROM + 1_000;

export const storeLost = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-store-lost${suffix}`,
	title: "the store is gone for 30 s",
	expected: `From ${FROM / 1_000} s to ${BACK / 1_000} s the process of the store is gone. Clients ask for 1.5 times the limit. Meanwhile each host keeps to the policy of the limit:
its part of the limit (\`local_share\`), everything (\`allow\`) or nothing (\`refuse\`). In the fourth row the store also comes back without its contents, in the fifth one
half of the requests go to a tenth of the hosts. Good hosts keep to the policy at once, and to the limit soon after the store is back: what was granted meanwhile is counted then, up to
the amount that the bucket holds.`,
	async play(seed) {
		const perSecond = hosts * PER_HOST;
		const play = (
			label: string,
			policy: UnreachablePolicy,
			differs: { losses?: readonly number[]; weight?: (host: number) => number } = {},
		) =>
			simulateLimits({
				seed,
				hosts,
				forMs: FOR,
				perSecond,
				policy,
				demand: [{ from: 0, to: FOR, perSecond: 1.5 * perSecond, weight: differs.weight ?? (() => 1) }],
				faults: [{ from: FROM, to: BACK, fault: { type: "gone" } }],
				losses: differs.losses ?? [],
			}).then((run) => ({ label, run, more: more(run) }));
		const share = await play("`local_share`", "local_share");
		const allow = await play("`allow`", "allow");
		const refuse = await play("`refuse`", "refuse");
		const emptied = await play("`local_share`, contents lost", "local_share", { losses: [FROM] });
		const unequal = await play("`local_share`, unequal hosts", "local_share", { weight: (host) => (host < hosts / 10 ? 9 : 1) });
		const variants = [share, allow, refuse, emptied, unequal];
		return {
			table: limitsTable(
				"policy",
				variants,
				[SETTLED, BACK],
				[
					{ title: "excess of the outage", unit: "s" },
					{ title: "most in a second after it", unit: "share" },
					{ title: "exact again after", unit: "s" },
				],
			),
			checks: [
				atMost("`local_share`: deviation while the store is gone", Math.abs(grantedOfLimit(share.run, SETTLED, BACK) - 1), 0.1, "share"),
				atMost("`local_share`: most grants in a second", mostInASecond(share.run, FROM, BACK), 1.6, "share"),
				atMost("`allow`: requests refused", 1 - grantedOfLimit(allow.run, SETTLED, BACK) / 1.5, 0.02, "share"),
				atMost("`refuse`: granted", grantedOfLimit(refuse.run, SETTLED, BACK), 0, "share"),
				atMost("exact again after", Math.max(...variants.map(({ run }) => secondsUntilExact(run, BACK))), 5, "s"),
			],
			panel: limitsPanel(variants.slice(0, 4), { shaded: [FROM, BACK] }),
		};
	},
});

function more(run: LimitsRun): number[] {
	return [excessSeconds(run, FROM, BACK), mostInASecond(run, BACK, FOR), secondsUntilExact(run, BACK)];
}
