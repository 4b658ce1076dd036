import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { callsPerHost, grantedOfLimit, mostInASecond } from "../limits-measures.ts";
import { limitsPanel } from "../limits-panel.ts";
import { type LimitsRun, simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import type { Scale } from "../scale.ts";

const FROM = 10_000;
const FOR = 60_000;

/** Requests per second that each host gets. */
const ASKED_PER_HOST = 1;

export const smallLimit = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-small-limit${suffix}`,
	title: "a limit that is much smaller than the number of hosts",
	expected: `${hosts.toLocaleString("en")} hosts get a request per second each, and may grant a tenth or a hundredth of that together. No host can hold a slice of its own
for long: one unit kept by a host is missing for all others. Good hosts still grant the limit, and most of them get their turn.`,
	async play(seed) {
		const variants = [];
		for (const part of [10, 100]) {
			const perSecond = (hosts * ASKED_PER_HOST) / part;
			const run = await simulateLimits({
				seed,
				hosts,
				forMs: FOR,
				perSecond,
				demand: [{ from: 0, to: FOR, perSecond: hosts * ASKED_PER_HOST }],
			});
			variants.push({ label: `a unit for ${part} hosts`, run, more: [hostsWithGrants(run)] });
		}
		const [tenth, hundredth] = variants.map(({ run }) => run);
		if (tenth === undefined || hundredth === undefined) throw new Error("two variants were played");
		return {
			table: limitsTable("limit per second", variants, [FROM, FOR], [{ title: "hosts with a grant", unit: "share" }]),
			checks: [
				atLeast("granted, a unit for 10 hosts", grantedOfLimit(tenth, FROM, FOR), 0.9, "share"),
				atLeast("granted, a unit for 100 hosts", grantedOfLimit(hundredth, FROM, FOR), 0.9, "share"),
				atMost("granted, of the limit", Math.max(...[tenth, hundredth].map((run) => grantedOfLimit(run, FROM, FOR))), 1.02, "share"),
				atMost(
					"most grants in a second; a bucket may be full, and is refilled in that second",
					Math.max(...[tenth, hundredth].map((run) => mostInASecond(run, FROM, FOR))),
					2,
					"share",
				),
				atMost("calls per host", Math.max(...[tenth, hundredth].map((run) => callsPerHost(run, FROM, FOR))), 12, "rate"),
			],
			panel: limitsPanel(variants, { grantedStepMs: 4_000, callStepMs: 2_000 }),
		};
	},
});

function hostsWithGrants({ grantedOf }: LimitsRun): number {
	return grantedOf.filter((granted) => granted > 0).length / grantedOf.length;
}
