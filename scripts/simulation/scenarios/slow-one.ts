import type * as types from "../../../generated/ir/types.ts";
import type { RouterSettings } from "../../../src/router/settings.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { simulate } from "../simulate.ts";
import { answeredBy, answerMs, between } from "../statistics.ts";
import { metricsTable } from "../table.ts";

const SLOW = new Set(["m1"]);
const FROM = 30_000;
const TO = 90_000;
const FOR = 120_000;
/** By then whatever is to notice has noticed. */
const SETTLED = 50_000;

const WITHOUT_EJECTION = { ejection: { ...DEFAULT_ROUTER.ejection, maxRatio: 0 } } as const;

const VARIANTS: readonly { readonly label: string; readonly policy: types.Policy; readonly settings?: Partial<RouterSettings> }[] = [
	{ label: "`round_robin`, no ejection", policy: "round_robin", settings: WITHOUT_EJECTION },
	{ label: "`round_robin`", policy: "round_robin" },
	{ label: "`least_inflight`, no ejection", policy: "least_inflight", settings: WITHOUT_EJECTION },
	{ label: "`ewma_latency`, no ejection", policy: "ewma_latency", settings: WITHOUT_EJECTION },
	{ label: "`ewma_latency`", policy: "ewma_latency" },
];

export const slowOne: Scenario = {
	name: "slow-one",
	title: "one of eight becomes ten times slower",
	good: `Eight instances share 60 requests a second; from ${FROM / 1_000} s to ${TO / 1_000} s one of them takes ten times as long, without a
single error. A good router gives it next to nothing while it is slow, so that the 99th percentile is soon what it was, and its
share back afterwards. \`round_robin\` cannot tell; outlier ejection helps it.`,
	async play(seed) {
		const runs: Run[] = [];
		for (const { policy, settings = {} } of VARIANTS) {
			runs.push(
				await simulate({
					seed,
					instances: members(8, (number) => (SLOW.has(`m${number}`) ? { phases: [SLOWER] } : {})),
					load: { perSecond: 60, forMs: FOR },
					route: { policy },
					settings,
				}),
			);
		}
		const numbers = runs.map((run) => {
			const [before, settled, after] = [between(run, 0, FROM), between(run, SETTLED, TO), between(run, TO + 20_000, FOR)];
			return {
				beforeMs: answerMs(before, 0.99),
				settledMs: answerMs(settled, 0.99),
				share: answeredBy(between(run, FROM, TO), SLOW),
				back: answeredBy(after, SLOW),
			};
		});
		const [blind, , inflight, ewma, both] = numbers;
		const rows = runs.map((run, index) => {
			const own = numbers[index];
			return {
				label: VARIANTS[index]?.label ?? "",
				metrics: metricsOf(run, between(run, FROM, TO)),
				more: [own?.beforeMs, own?.settledMs, own?.share, own?.back],
			};
		});
		return {
			table: metricsTable("policy, while one is slow", ["success", "p50Ms", "p99Ms", "maxMs", "ejected"], rows, [
				{ title: "p99 before", unit: "ms" },
				{ title: "p99 settled", unit: "ms" },
				{ title: "its share", unit: "share" },
				{ title: "its share afterwards", unit: "share" },
			]),
			checks: [
				atMost("`ewma_latency`: p99 settled to p99 before", ratio(ewma?.settledMs, ewma?.beforeMs), 1.5, "ratio"),
				atMost("`ewma_latency`: share of the slow one while it is slow (an eighth would be fair)", ewma?.share ?? 1, 0.02, "share"),
				atMost("`least_inflight`: share of the slow one while it is slow", inflight?.share ?? 1, 0.05, "share"),
				atMost("`ewma_latency` with ejection: p99 settled to that of blind `round_robin`", ratio(both?.settledMs, blind?.settledMs), 0.3, "ratio"),
				atLeast("`ewma_latency`: share of the slow one once it is well again", ewma?.back ?? 0, 0.08, "share"),
			],
			panel: {
				plots: [
					{
						title: "p99 of answers",
						x: "seconds",
						y: "ms",
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: [0, 1, 2, 4].map((index) => overTime(VARIANTS[index]?.label ?? "", run(runs, index), 3_000, (each) => answerMs(each, 0.99))),
					},
					{
						title: "share of the slow one",
						x: "seconds",
						y: "%",
						top: 16,
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: [0, 1, 2, 4].map((index) =>
							overTime(VARIANTS[index]?.label ?? "", run(runs, index), 3_000, (each) => 100 * answeredBy(each, SLOW)),
						),
					},
				],
			},
		};
	},
};
