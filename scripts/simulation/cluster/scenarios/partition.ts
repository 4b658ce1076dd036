import type { UnreachablePolicy } from "../../../../src/cluster/leases/unreachable-policy.ts";
import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { excessSeconds, grantedOfLimit, mostInASecond, secondsUntilExact } from "../limits-measures.ts";
import { limitsPanel } from "../limits-panel.ts";
import { type LimitsRun, simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST, type Scale } from "../scale.ts";

const FROM = 10_000;
const HEALED = 40_000;
const FOR = 60_000;

/** Time in which the cut hosts notice, and their slices end. */
const SETTLED = FROM + 2_000;

export const partition = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-partition${suffix}`,
	title: "half of the hosts lose the way to the store",
	expected: `From ${FROM / 1_000} s to ${HEALED / 1_000} s all packets between half of the hosts and the store are lost. Clients ask for 2.5 times the limit. The cut hosts keep to the policy. The other
half is exact, and cannot know of the grants of the cut hosts: with \`local_share\` both together may grant 1.5 times the limit, with \`refuse\` exactly the limit. In the third
row the link is lost for 1.5 s every 5 s. Good hosts are exact again soon after the end, and count then what the others have granted.`,
	async play(seed) {
		const perSecond = hosts * PER_HOST;
		const cut = (host: number): boolean => host % 2 === 1;
		const play = (label: string, policy: UnreachablePolicy, phases: readonly (readonly [from: number, to: number])[]) =>
			simulateLimits({
				seed,
				hosts,
				forMs: FOR,
				perSecond,
				policy,
				demand: [{ from: 0, to: FOR, perSecond: 2.5 * perSecond }],
				faults: phases.map(([from, to]) => ({ from, to, fault: { type: "cut" }, affects: cut })),
			}).then((run) => ({ label, run, more: more(run) }));
		const share = await play("`local_share`", "local_share", [[FROM, HEALED]]);
		const refuse = await play("`refuse`", "refuse", [[FROM, HEALED]]);
		const flaps: [number, number][] = [];
		for (let from = FROM; from < HEALED; from += 5_000) flaps.push([from, from + 1_500]);
		const flapping = await play("`local_share`, cut for 1.5 s of each 5 s", "local_share", flaps);
		const variants = [share, refuse, flapping];
		return {
			table: limitsTable(
				"policy",
				variants,
				[SETTLED, HEALED],
				[
					{ title: "excess of the cut", unit: "s" },
					{ title: "exact again after", unit: "s" },
				],
			),
			checks: [
				atMost("`local_share`: granted", grantedOfLimit(share.run, SETTLED, HEALED), 1.52, "share"),
				atLeast("`refuse`: granted", grantedOfLimit(refuse.run, SETTLED, HEALED), 0.97, "share"),
				atMost("`refuse`: granted", grantedOfLimit(refuse.run, SETTLED, HEALED), 1.01, "share"),
				atMost("`refuse`: most grants in a second", mostInASecond(refuse.run, FROM, FOR), 1.1, "share"),
				atMost("a flapping link: granted", grantedOfLimit(flapping.run, FROM, HEALED), 1.25, "share"),
				atMost("exact again after", Math.max(...variants.map(({ run }) => secondsUntilExact(run, HEALED))), 6, "s"),
			],
			panel: limitsPanel(variants, { shaded: [FROM, HEALED] }),
		};
	},
});

function more(run: LimitsRun): number[] {
	return [excessSeconds(run, FROM, HEALED), secondsUntilExact(run, HEALED)];
}
