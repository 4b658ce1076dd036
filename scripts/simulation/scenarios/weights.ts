import { atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import type { Line } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const WEIGHTS = [1, 2, 3, 10] as const;
const TOTAL = 16;

export const weights: Scenario = {
	name: "weights",
	title: "weights 1 : 2 : 3 : 10",
	expected: `Four healthy instances with the weights 1, 2, 3 and 10 share 400 requests per second. A good router gives each its share within
any stretch of requests, not only in the long run. \`weighted_round_robin\` never sends more than a few requests in a row to the heaviest
instance; \`weighted_random\` sometimes sends more than a dozen.`,
	async play(seed) {
		const instances = members(WEIGHTS.length, (number) => ({ weight: WEIGHTS[number - 1] ?? 1 }));
		const play = variants({ seed, instances, load: { perSecond: 400, forMs: 30_000 }, events: false });
		const roundRobin = await play("`weighted_round_robin`", { route: { policy: "weighted_round_robin" } });
		const random = await play("`weighted_random`", { route: { policy: "weighted_random" } });
		const all = [roundRobin, random];
		return {
			table: metricsTable(
				"policy",
				["requests", "success"],
				all.map(({ label, run }) => ({
					label,
					metrics: metricsOf(run),
					more: [...WEIGHTS.map((_, index) => share(order(run), index)), deviation(run), longestRun(run), windowGap(run)],
				})),
				[
					...WEIGHTS.map((weight) => ({ title: `${weight}/${TOTAL}`, unit: "share" as const })),
					{ title: "largest error of a share", unit: "share" },
					{ title: "longest run", unit: "count" },
					{ title: "largest error in 160 requests", unit: "share" },
				],
			),
			checks: [
				...all.map(({ label, run }) => atMost(`${label}: largest error of a share`, deviation(run), 0.02, "share")),
				atMost("`weighted_round_robin`: longest run of one instance", longestRun(roundRobin.run), 4, "count"),
				atMost("`weighted_round_robin`: largest error of a share in 160 requests", windowGap(roundRobin.run), 0.02, "share"),
			],
			panel: {
				plots: all.map(({ label, run }) => ({
					title: `${label}: share of each 160 requests`,
					x: "requests",
					y: "%",
					top: 75,
					lines: WEIGHTS.map((weight, index) => sharesOf(`weight ${weight}`, order(run).slice(0, 160 * 50), index)),
				})),
			},
		};
	},
};

/** Names of the chosen instances, in order. */
function order({ requests }: Run): string[] {
	return requests.map(({ attempts }) => attempts[0]?.backend ?? "");
}

function share(chosen: readonly string[], index: number): number {
	return chosen.filter((name) => name === `m${index + 1}`).length / chosen.length;
}

/** The largest difference between a share and its weight. */
function gap(chosen: readonly string[]): number {
	return Math.max(...WEIGHTS.map((weight, index) => Math.abs(share(chosen, index) - weight / TOTAL)));
}

const deviation = (run: Run): number => gap(order(run));

function windowGap(run: Run): number {
	return Math.max(...inWindows(order(run)).map(gap));
}

function inWindows(chosen: readonly string[]): string[][] {
	return Array.from({ length: Math.floor(chosen.length / 160) }, (_, index) => chosen.slice(index * 160, (index + 1) * 160));
}

function longestRun(run: Run): number {
	let [longest, length, last] = [0, 0, ""];
	for (const name of order(run)) {
		length = name === last ? length + 1 : 1;
		longest = Math.max(longest, length);
		last = name;
	}
	return longest;
}

function sharesOf(name: string, chosen: readonly string[], index: number): Line {
	return { name, points: inWindows(chosen).map((window, at) => [at * 160, 100 * share(window, index)]) };
}
