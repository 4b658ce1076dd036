import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { callsPerHost, grantedOfHosts, grantedOfLimit, immediate, mostInASecond } from "../limits-measures.ts";
import { limitsPanel } from "../limits-panel.ts";
import { simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST } from "../scale.ts";

/** Time in which the bucket, full at first, is used up. */
const FROM = 4_000;
const FOR = 12_000;

export const overload: Scenario = {
	name: "hosts-overload",
	title: "clients ask for twice the limit, on 10 to 1,000 hosts",
	expected: `Each host gets twice its part of one limit that all hosts share. Good hosts grant the limit, no more and no less, in every second.
They decide most requests without a call, and each host calls the store about as often with a thousand hosts as with ten.`,
	async play(seed) {
		const play = (hosts: number) => {
			const perSecond = hosts * PER_HOST;
			return simulateLimits({ seed, hosts, forMs: FOR, perSecond, demand: [{ from: 0, to: FOR, perSecond: 2 * perSecond }] });
		};
		const variants = [];
		for (const hosts of [10, 100, 1_000]) {
			const run = await play(hosts);
			variants.push({ label: `${hosts.toLocaleString("en")} hosts`, run, more: [grantedOfHosts(run, 0.01), grantedOfHosts(run, 0.99)] });
		}
		const runs = variants.map(({ run }) => run);
		const most = (measure: (run: (typeof runs)[number]) => number): number => Math.max(...runs.map(measure));
		return {
			table: limitsTable(
				"hosts",
				variants,
				[FROM, FOR],
				[
					{ title: "granted at p1 of hosts", unit: "share" },
					{ title: "at p99", unit: "share" },
				],
			),
			checks: [
				atMost(
					"deviation of the grants from the limit",
					most((run) => Math.abs(grantedOfLimit(run, FROM, FOR) - 1)),
					0.01,
					"share",
				),
				atMost(
					"most grants in a second, of the limit; a slice is a tenth",
					most((run) => mostInASecond(run, FROM, FOR)),
					1.1,
					"share",
				),
				atLeast("decided without a call", 1 - most((run) => 1 - immediate(run, FROM, FOR)), 0.8, "share"),
				atMost(
					"calls per host",
					most((run) => callsPerHost(run, FROM, FOR)),
					20,
					"rate",
				),
			],
			panel: limitsPanel(variants, { grantedStepMs: 500, callStepMs: 500 }),
		};
	},
};
