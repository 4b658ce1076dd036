import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { grantedOfLimit, mostInASecond } from "../limits-measures.ts";
import { grantedLines } from "../limits-panel.ts";
import { type LimitsRun, simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST, type Scale } from "../scale.ts";

const FROM = 4_000;
const MOVES = 15_000;
const FOR = 30_000;

export const unequal = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-unequal${suffix}`,
	title: "hosts with unequal demand",
	expected: `Half of all requests go to one host, or the numbers of requests fall with the number of the host, or the demand moves from one half of the hosts
to the other at ${MOVES / 1_000} s. Clients ask for 1.5 times the limit, and in the last row for nine tenths of it. Good hosts grant the limit wherever the requests
arrive, and everything if the demand is below it.`,
	async play(seed) {
		const perSecond = hosts * PER_HOST;
		const play = (label: string, load: number, first: (host: number) => number, second = first) =>
			simulateLimits({
				seed,
				hosts,
				forMs: FOR,
				perSecond,
				demand: [
					{ from: 0, to: MOVES, perSecond: load * perSecond, weight: first },
					{ from: MOVES, to: FOR, perSecond: load * perSecond, weight: second },
				],
			}).then((run) => ({ label, run, more: [grantedOf(run, 0, 1), grantedOf(run, 1, hosts)] }));
		const half = (host: number): number => (host === 0 ? hosts - 1 : 1);
		const variants = [
			await play("half of it at one host", 1.5, half),
			await play("by rank", 1.5, (host) => 1 / (host + 1)),
			await play(
				"moves to the other half",
				1.5,
				(host) => (host < hosts / 2 ? 1 : 0),
				(host) => (host < hosts / 2 ? 0 : 1),
			),
			await play("half of it at one host, 0.9 of the limit", 0.9, half),
		];
		const above = variants.slice(0, 3).map(({ run }) => run);
		const below = variants.slice(3).map(({ run }) => grantedOf(run, 0, hosts));
		return {
			table: limitsTable(
				"demand",
				variants,
				[FROM, FOR],
				[
					{ title: "granted at host 1", unit: "share" },
					{ title: "at the others", unit: "share" },
				],
			),
			checks: [
				atLeast("granted, of the limit", Math.min(...above.map((run) => grantedOfLimit(run, FROM, FOR))), 0.97, "share"),
				atMost("granted, of the limit", Math.max(...above.map((run) => grantedOfLimit(run, FROM, FOR))), 1.01, "share"),
				atMost("most grants in a second", Math.max(...above.map((run) => mostInASecond(run, FROM, FOR))), 1.1, "share"),
				atLeast("granted of a demand below the limit", Math.min(...below), 0.99, "share"),
			],
			panel: { plots: [{ title: "granted", x: "seconds", y: "% of the limit", lines: grantedLines(variants, 500) }] },
		};
	},
});

/** Part of the requests at some hosts that were granted. */
function grantedOf({ askedOf, grantedOf: granted }: LimitsRun, from: number, to: number): number {
	const sum = (amounts: readonly number[]): number => amounts.slice(from, to).reduce((total, amount) => total + amount, 0);
	return sum(granted) / sum(askedOf);
}
