import type { Condition } from "../../../../src/simulation/condition.ts";
import { atLeast, atMost } from "../../check.ts";
import { members } from "../../members.ts";
import type { Scenario } from "../../scenario.ts";
import { answered, secondsToShare } from "../hints-measures.ts";
import { type HintsRun, simulateHints } from "../hints-run.ts";

const HOSTS = 100;
const BACKENDS = 8;
const DEAD = "m1";
const FROM = 5_000;
const BACK = 25_000;
const FOR = 60_000;
const PER_SECOND = 300;

/** End of the first open period of a breaker. Until then there is no trial. */
const FIRST_TRIAL = FROM + 4_000;

export const deadBackend: Scenario = {
	name: "hints-dead-backend",
	title: `one of ${BACKENDS} backends dies, and returns after 20 s`,
	expected: `${HOSTS} hosts with real routers share ${PER_SECOND} requests per second to the same ${BACKENDS} backends. From ${FROM / 1_000} s to ${BACK / 1_000} s one backend is gone: open connections break, new ones are refused.
In the last two rows it answers 500 after 100 ms instead. One host with the same requests shows the least cost. Good hosts learn of it from the first failures of any host: together
they pay little more than one host. The trials that find out when it serves again are shared too, so that it returns as late as for one host.`,
	async play(seed) {
		const play = async (label: string, hosts: number, exchanges: boolean, condition: Condition = { type: "dead" }) => ({
			label,
			run: await simulateHints({
				seed,
				hosts,
				exchanges,
				forMs: FOR,
				perSecond: PER_SECOND,
				backends: members(BACKENDS, (number) => (number === 1 ? { phases: [{ from: FROM, to: BACK, condition }] } : {})),
			}),
		});
		const status: Condition = { type: "status", status: 500 };
		const one = await play("1 host", 1, true);
		const alone = await play(`${HOSTS} hosts without hints`, HOSTS, false);
		const together = await play(`${HOSTS} hosts`, HOSTS, true);
		const oneStatus = await play("1 host, 500", 1, true, status);
		const togetherStatus = await play(`${HOSTS} hosts, 500`, HOSTS, true, status);
		const variants = [one, alone, together, oneStatus, togetherStatus];
		return {
			table: {
				of: "hosts",
				columns: [
					{ title: "answered", unit: "share" },
					{ title: "failed requests until the first trial", unit: "count" },
					{ title: "later", unit: "count" },
					{ title: "used again after", unit: "s" },
					{ title: "80% of its share after", unit: "s" },
					{ title: "hints", unit: "count" },
					{ title: "notifications per host", unit: "count" },
				],
				rows: variants.map(({ label, run }) => ({
					label,
					values: [
						answered(run, 0, FOR),
						failed(run, FROM, FIRST_TRIAL),
						failed(run, FIRST_TRIAL, FOR),
						secondsToShare(run, DEAD, 0.001, BACK),
						secondsToShare(run, DEAD, 0.8, BACK),
						run.published.between(0, FOR),
						run.delivered.between(0, FOR) / run.simulation.hosts,
					],
				})),
			},
			checks: [
				atLeast("answered", Math.min(...variants.map(({ run }) => answered(run, 0, FOR))), 0.9999, "share"),
				atMost("failed requests of all hosts, of those of one", failed(together.run, FROM, FOR) / failed(one.run, FROM, FOR), 1.5, "ratio"),
				atMost("the same, 500", failed(togetherStatus.run, FROM, FOR) / failed(oneStatus.run, FROM, FOR), 1.5, "ratio"),
				atMost("used again after, with one host 20 s at most", secondsToShare(together.run, DEAD, 0.001, BACK), 20, "s"),
				atMost("hints of a backend that dies and returns, per host", together.run.published.between(0, FOR) / HOSTS, 0.8, "count"),
			],
			panel: {
				plots: [
					{
						title: "failed requests of all hosts",
						x: "seconds",
						y: "per second",
						shaded: [[FROM / 1_000, BACK / 1_000]],
						lines: [alone, one, together].map(({ label, run }) => lineOf(run.failures.get(DEAD), label)),
					},
					{
						title: "requests to the backend",
						x: "seconds",
						y: "per second",
						shaded: [[FROM / 1_000, BACK / 1_000]],
						lines: [alone, one, together].map(({ label, run }) => lineOf(run.attempts.get(DEAD), label)),
					},
				],
			},
		};
	},
};

const lineOf = (series: HintsRun["requests"] | undefined, label: string) => series?.line(label, 1_000) ?? { name: label, points: [] };

function failed({ failures }: HintsRun, from: number, to: number): number {
	return failures.get(DEAD)?.between(from, to) ?? 0;
}
