import type { HintKind, SharedHints } from "../../../../src/cluster/hints.ts";
import type { Clock } from "../../../../src/time/clock.ts";
import { atLeast, atMost } from "../../check.ts";
import { members } from "../../members.ts";
import type { Scenario } from "../../scenario.ts";
import { answered, sumOver } from "../hints-measures.ts";
import { type HintsRun, simulateHints } from "../hints-run.ts";

const HOSTS = 50;
const BACKENDS = 8;
const FROM = 5_000;
const FOR = 30_000;
const PER_SECOND = 250;

/** Time between two sets of false hints, in milliseconds. */
const EVERY_MS = 500;

export const liar: Scenario = {
	name: "hints-liar",
	title: "a program with access to the store marks every backend as dead",
	expected: `${HOSTS} hosts share ${PER_SECOND} requests per second to ${BACKENDS} sound backends. From ${FROM / 1_000} s on a program publishes twice a second that each backend has failed, under one name, as a host
that lies, under two names, and under a new name each time. Hints are no commands: those of one host cost a trial, and are ignored when that succeeds. Two names count as two hosts,
whose hints open breakers, and names are not secured: whoever may write to the store can take several. Good hosts answer almost every request all the same: they try a backend
that only hints have closed, if there is no other.`,
	async play(seed) {
		const play = async (label: string, names: ((turn: number) => readonly string[]) | undefined) => ({
			label,
			run: await simulateHints({
				seed,
				hosts: HOSTS,
				forMs: FOR,
				perSecond: PER_SECOND,
				backends: members(BACKENDS),
				...(names === undefined ? {} : { stranger: (room, time) => lie(room, time, names) }),
			}),
		});
		const none = await play("no false hints", undefined);
		const one = await play("one name", () => ["liar"]);
		const two = await play("two names", () => ["liar-1", "liar-2"]);
		const many = await play("a new name each time", (turn) => [`liar-${turn}`]);
		const variants = [none, one, two, many];
		return {
			table: {
				of: "names of the program",
				columns: [
					{ title: "answered", unit: "share" },
					{ title: "requests of the least used backend, of the mean", unit: "share" },
					{ title: "hints of the hosts", unit: "rate" },
					{ title: "notifications per host", unit: "rate" },
					{ title: "refuted, per host", unit: "count" },
				],
				rows: variants.map(({ label, run }) => ({
					label,
					values: [
						answered(run, FROM, FOR),
						leastUsed(run),
						run.published.rate(FROM, FOR),
						run.delivered.rate(FROM, FOR) / HOSTS,
						run.refuted / HOSTS,
					],
				})),
			},
			checks: [
				atLeast("answered, one name", answered(one.run, FROM, FOR), 1, "share"),
				atLeast("one name: requests of the least used backend, of the mean", leastUsed(one.run), 0.8, "share"),
				atLeast("answered, several names", Math.min(answered(two.run, FROM, FOR), answered(many.run, FROM, FOR)), 0.99, "share"),
				atMost("one name: hints of the hosts", one.run.published.rate(FROM, FOR), HOSTS, "rate"),
			],
			panel: {
				plots: [
					{
						title: "requests without an answer",
						x: "seconds",
						y: "per second",
						lines: variants.map(({ label, run }) => run.unanswered.line(label, 1_000)),
					},
					{
						title: "notifications to all hosts",
						x: "seconds",
						y: "per second",
						lines: variants.map(({ label, run }) => run.delivered.line(label, 1_000)),
					},
				],
			},
		};
	},
};

const KINDS: readonly HintKind[] = ["breaker_open", "failing"];

function lie(room: SharedHints, time: Clock, names: (turn: number) => readonly string[]): void {
	const publish = (turn: number): void => {
		const hints = members(BACKENDS).map(({ name: backend }) => ({
			kind: KINDS[turn % KINDS.length] ?? "failing",
			backend,
			operation: "chat_completions",
			key: "",
			failures: 100,
			guests: "none",
			leftMs: 600_000,
		}));
		for (const name of names(turn)) void room.publish(name, hints);
		time.after(EVERY_MS, () => publish(turn + 1));
	};
	time.after(FROM, () => publish(0));
}

function leastUsed({ attempts, simulation }: HintsRun): number {
	const mean = sumOver(attempts, FROM, FOR) / simulation.backends.length;
	return Math.min(...[...attempts.values()].map((series) => series.between(FROM, FOR))) / mean;
}
