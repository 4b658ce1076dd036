import { atLeast, atMost } from "../../check.ts";
import { members } from "../../members.ts";
import type { Scenario } from "../../scenario.ts";
import { answered, sumOver } from "../hints-measures.ts";
import { simulateHints } from "../hints-run.ts";

/** Numbers of hosts and backends. */
export interface SystemSize {
	readonly name: string;
	readonly hosts: number;
	readonly backends: number;
	readonly perSecond: number;
	/** Bound of the failed attempts with hints, relative to those without. */
	readonly maxFailures: number;
}

const FROM = 2_000;
const BACK = 12_000;
const FOR = 20_000;

/** One of so many backends dies. */
const ONE_OF = 50;

export const manyBackends = ({ name, hosts, backends, perSecond, maxFailures }: SystemSize): Scenario => ({
	name,
	title: `${hosts.toLocaleString("en")} hosts with ${backends.toLocaleString("en")} backends, of which one of ${ONE_OF} dies`,
	expected: `${hosts.toLocaleString("en")} real routers know ${backends.toLocaleString("en")} backends each, and share ${perSecond.toLocaleString("en")} requests per second. From ${FROM / 1_000} s to ${BACK / 1_000} s one of ${ONE_OF} backends is dead. Good
hosts send few hints: those of one moment leave in one call, and each host is bounded to two calls a second over a longer time, after a burst of 20. A hint makes each host
try the backend once by itself. That saves failed attempts where hosts use the backend often, and adds some where each backend gets a request in many seconds.`,
	async play(seed) {
		const models = members(backends, (number) =>
			number % ONE_OF === 1 ? { phases: [{ from: FROM, to: BACK, condition: { type: "dead" } }] } : {},
		);
		const play = async (label: string, exchanges: boolean) => ({
			label,
			run: await simulateHints({ seed, hosts, backends: models, forMs: FOR, perSecond, exchanges }),
		});
		const alone = await play("without hints", false);
		const together = await play("with hints", true);
		const variants = [alone, together];
		return {
			table: {
				of: "hosts",
				columns: [
					{ title: "requests", unit: "count" },
					{ title: "answered", unit: "share" },
					{ title: "failed attempts", unit: "count" },
					{ title: "hints", unit: "rate" },
					{ title: "calls with hints, per host", unit: "rate" },
					{ title: "notifications per host", unit: "rate" },
					{ title: "most in a second", unit: "count" },
				],
				rows: variants.map(({ label, run }) => ({
					label,
					values: [
						run.requests.between(0, FOR),
						answered(run, 0, FOR),
						sumOver(run.failures, 0, FOR),
						run.published.rate(FROM, FOR),
						run.calls.rate(FROM, FOR) / hosts,
						run.delivered.rate(FROM, FOR) / hosts,
						Math.max(...run.delivered.windows(0, FOR, 1_000)) / hosts,
					],
				})),
			},
			checks: [
				atLeast("answered", Math.min(...variants.map(({ run }) => answered(run, 0, FOR))), 0.999, "share"),
				atMost(
					"failed attempts with hints, of those without",
					sumOver(together.run.failures, 0, FOR) / sumOver(alone.run.failures, 0, FOR),
					maxFailures,
					"ratio",
				),
				atMost("calls with hints, per host", together.run.calls.rate(FROM, FOR) / hosts, 4, "rate"),
			],
			panel: {
				plots: [
					{
						title: "failed attempts",
						x: "seconds",
						y: "per second",
						shaded: [[FROM / 1_000, BACK / 1_000]],
						lines: variants.map(({ label, run }) => ({
							name: label,
							points: Array.from({ length: FOR / 1_000 }, (_, second) => [
								second + 0.5,
								sumOver(run.failures, second * 1_000, (second + 1) * 1_000),
							]),
						})),
					},
					{
						title: "notifications to all hosts",
						x: "seconds",
						y: "per second",
						shaded: [[FROM / 1_000, BACK / 1_000]],
						lines: [together.run.delivered.line("with hints", 500)],
					},
				],
			},
		};
	},
});
