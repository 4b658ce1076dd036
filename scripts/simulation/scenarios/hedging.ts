import type { HedgeSettings } from "../../../src/router/settings.ts";
import { drawLatency, type LatencyModel } from "../../../src/simulation/distributions.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answerMs, quantile } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const LATENCY: LatencyModel = { medianMs: 400, sigma: 0.25, tail: { part: 0.03, factor: 20 } };
const QUANTILE = 0.95;
const PARTS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999] as const;

const hedge = (ratio: number): HedgeSettings => ({ attempts: 2, after: { quantile: QUANTILE }, ratio });

export const hedging: Scenario = {
	name: "hedging",
	title: "three of a hundred answers take twenty times as long",
	expected: `Sixteen instances share 80 requests per second. Each answer takes 20 times as long with a probability of 3%. A good router starts
a hedge at a second instance when the first has taken longer than 95 of 100 answers, and uses the first output. The 99th percentile falls to
that of independent replicas, and the extra load stays within the budget. The model takes, for as many of the requests beyond the delay as the
budget allows, the minimum of one latency and the delay plus another latency.`,
	async play(seed) {
		const play = variants({
			seed,
			instances: members(16, () => ({ latency: LATENCY })),
			load: { perSecond: 80, forMs: 300_000 },
			events: false,
			route: { policy: "round_robin" },
		});
		const none = await play("none");
		const five = await play("after p95, budget 5%", { route: { policy: "round_robin", hedge: hedge(0.05) } });
		const ten = await play("after p95, budget 10%", { route: { policy: "round_robin", hedge: hedge(0.1) } });
		const ewma = await play("after p95, budget 10%, `ewma_latency`", { route: { policy: "ewma_latency", hedge: hedge(0.1) } });
		const all = [none, five, ten, ewma];
		const [model5, model10] = [predict(seed, 0.05), predict(seed, 0.1)];
		const models = [undefined, model5, model10, model10];
		return {
			table: metricsTable(
				"hedges",
				["requests", "success", "p50Ms", "p99Ms", "maxMs", "hedges", "attemptsMax"],
				all.map(({ label, run }, index) => {
					const model = models[index];
					return { label, metrics: metricsOf(run), more: [model === undefined ? undefined : quantile(model, 0.99), p999(run), extra(run)] };
				}),
				[
					{ title: "p99 of the model", unit: "ms" },
					{ title: "p99.9", unit: "ms" },
					{ title: "extra load", unit: "share" },
				],
			),
			checks: [
				atMost("budget 5%: p99, relative to no hedges", p99(five.run) / p99(none.run), 0.4, "ratio"),
				atMost("budget 5%: p99, relative to the model", p99(five.run) / quantile(model5, 0.99), 1.25, "ratio"),
				atMost("budget 10%: p99, relative to the model", p99(ten.run) / quantile(model10, 0.99), 1.15, "ratio"),
				atMost("budget 5%: extra load", extra(five.run), 0.052, "share"),
				atMost("budget 10%: extra load; 5% of the requests are beyond p95", extra(ten.run), 0.06, "share"),
				atMost("max attempts of a request", metricsOf(ten.run).attemptsMax, 2, "count"),
			],
			panel: {
				plots: [
					{
						title: "latency by percentile",
						x: "percentile (number of nines)",
						y: "ms",
						lines: [
							...[none, five, ten].map(({ label, run }) => ({ name: label, points: curve((part) => answerMs(run.requests, part)) })),
							{ name: "model, budget 10%", points: curve((part) => quantile(model10, part)) },
						],
					},
				],
			},
		};
	},
};

const p99 = (run: Run): number => answerMs(run.requests, 0.99);
const p999 = (run: Run): number => answerMs(run.requests, 0.999);
const extra = (run: Run): number => metricsOf(run).hedges / run.requests.length;

function curve(at: (part: number) => number): (readonly [number, number])[] {
	return PARTS.map((part) => [-Math.log10(1 - part), at(part)]);
}

/** Returns the latencies of 100,000 requests with independent replicas. */
function predict(seed: number, budget: number): number[] {
	const random = seededRandom(seed + 77);
	const draw = (): number => drawLatency(LATENCY, random);
	const alone = Array.from({ length: 100_000 }, draw);
	const delayMs = quantile(alone, QUANTILE);
	const allowed = Math.min(1, budget / (1 - QUANTILE));
	return alone.map((ms) => (ms > delayMs && random() < allowed ? Math.min(ms, delayMs + draw()) : ms));
}
