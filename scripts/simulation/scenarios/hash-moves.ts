import type { Instance } from "../../../src/router/instances/instance.ts";
import { PickContext } from "../../../src/router/load-balancing/pick-context.ts";
import { createPicker } from "../../../src/router/load-balancing/policies/create-picker.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { buildBackends, type InstanceModel } from "../backends.ts";
import { atMost } from "../check.ts";
import { members } from "../members.ts";
import type { Scenario } from "../scenario.ts";
import { simulate } from "../simulate.ts";
import { mean } from "../statistics.ts";
import { VirtualClock } from "../virtual-clock.ts";

/** Numbers of instances. */
const SIZES = [5, 10, 100, 1_000, 2_000] as const;
/** Instances that each change is tried with. */
const TRIES = 3;

interface Outcome {
	/** Keys that moved when one instance was removed, as a multiple of its part of all weights. */
	readonly removed: number;
	/** Keys that moved when one instance was added, as a multiple of its part. */
	readonly added: number;
	/** The highest share, relative to the instance's part of all weights. */
	readonly highest: number;
}

export const hashMoves: Scenario = {
	name: "hash-moves",
	title: "instances behind `consistent_hash` are added and removed",
	expected: `Session keys are mapped to several numbers of instances; then one instance is removed, or one is added. A good router moves only
the keys of that instance, a part of 1/N. The other sessions keep their prompts in the caches of their upstreams. No instance gets much more
than the mean. The figures are of the policy alone, except the first row, which sends requests through the whole router.`,
	async play(seed) {
		const whole = await throughRouter(seed);
		const even = SIZES.map((size) => ({ label: `${size.toLocaleString("en")} of equal weight`, outcome: ofPolicy(seed, size, () => 1) }));
		const uneven = { label: "20 of weights 1 to 10", outcome: ofPolicy(seed, 20, (number) => 1 + (number % 10)) };
		const all = [{ label: "10 of equal weight, whole router", outcome: whole }, ...even, uneven];
		const worst = (measure: (outcome: Outcome) => number): number => Math.max(...all.map(({ outcome }) => measure(outcome)));
		const points = (measure: (outcome: Outcome) => number) =>
			even.map(({ outcome }, index): [number, number] => [Math.log10(SIZES[index] ?? 1), measure(outcome)]);
		return {
			table: {
				of: "instances",
				columns: [
					{ title: "keys moved when one is removed, relative to 1/N", unit: "ratio" },
					{ title: "when one is added", unit: "ratio" },
					{ title: "highest share to mean", unit: "ratio" },
				],
				rows: all.map(({ label, outcome: { removed, added, highest } }) => ({ label, values: [removed, added, highest] })),
			},
			checks: [
				atMost(
					"keys moved when one is removed, relative to its part, for any number of instances",
					worst(({ removed }) => removed),
					1.5,
					"ratio",
				),
				atMost(
					"keys moved when one is added, relative to its part",
					worst(({ added }) => added),
					1.5,
					"ratio",
				),
				atMost(
					"highest share, relative to the mean",
					worst(({ highest }) => highest),
					1.6,
					"ratio",
				),
			],
			panel: {
				plots: [
					{
						title: "keys moved, relative to 1/N",
						x: "instances (powers of ten)",
						y: "×",
						lines: [
							{ name: "one removed", points: points(({ removed }) => removed) },
							{ name: "one added", points: points(({ added }) => added) },
						],
					},
					{
						title: "highest share to mean",
						x: "instances (powers of ten)",
						y: "×",
						lines: [{ name: "highest", points: points(({ highest }) => highest) }],
					},
				],
			},
		};
	},
};

/** Instances whose upstreams are never used. */
function instancesOf(models: readonly InstanceModel[]): readonly Instance[] {
	return buildBackends(models, { seed: 1, clock: new VirtualClock(), settings: DEFAULT_ROUTER }).instances;
}

/** The name of the instance that the policy picks for each key. */
function pickAll(instances: readonly Instance[], keys: number): string[] {
	const picker = createPicker("consistent_hash", { members: instances, random: seededRandom(1), statsKey: "" });
	picker.update(instances);
	return Array.from(
		{ length: keys },
		(_, key) => picker.pick(new PickContext("chat_completions", `session-${key}`, seededRandom(1)))?.name ?? "",
	);
}

function ofPolicy(seed: number, size: number, weight: (number: number) => number): Outcome {
	const models = members(size + TRIES, (number) => ({ weight: weight(number) }));
	const instances = instancesOf(models.slice(0, size));
	const keys = 20_000 + 80 * size;
	const before = pickAll(instances, keys);
	const total = instances.reduce((sum, instance) => sum + instance.weight, 0);
	const random = seededRandom(seed);
	const removed: number[] = [];
	const added: number[] = [];
	for (let attempt = 0; attempt < TRIES; attempt++) {
		const removedOne = instances[Math.floor(random() * size)];
		removed.push(
			movedPart(
				before,
				pickAll(
					instances.filter((instance) => instance !== removedOne),
					keys,
				),
			) /
				((removedOne?.weight ?? 1) / total),
		);
		const [addedOne] = instancesOf(models.slice(size + attempt, size + attempt + 1));
		if (addedOne === undefined) continue;
		added.push(movedPart(before, pickAll([...instances, addedOne], keys)) / (addedOne.weight / (total + addedOne.weight)));
	}
	return { removed: mean(removed), added: mean(added), highest: highestShare(before, instances) };
}

/** Sends the same sessions through the router with ten instances, with one removed, and with one added. */
async function throughRouter(seed: number): Promise<Outcome> {
	const models = members(11, () => ({ latency: { medianMs: 5, sigma: 0 } }));
	const play = async (instances: readonly InstanceModel[]): Promise<string[]> => {
		const { requests } = await simulate({
			seed,
			instances,
			load: { perSecond: 500, forMs: 20_000 },
			route: { policy: "consistent_hash" },
			session: (request) => `session-${request}`,
			events: false,
		});
		return requests.map(({ instance }) => instance ?? "");
	};
	const ten = models.slice(0, 10);
	const [before, without, with11] = [await play(ten), await play(ten.slice(1)), await play(models)];
	return {
		removed: movedPart(before, without) * 10,
		added: movedPart(before, with11) * 11,
		highest: highestShare(before, instancesOf(ten)),
	};
}

function movedPart(before: readonly string[], after: readonly string[]): number {
	return before.filter((name, key) => name !== after[key]).length / before.length;
}

function highestShare(picked: readonly string[], instances: readonly Instance[]): number {
	const counts = new Map<string, number>();
	for (const name of picked) counts.set(name, (counts.get(name) ?? 0) + 1);
	const total = instances.reduce((sum, { weight }) => sum + weight, 0);
	return Math.max(...instances.map(({ name, weight }) => (counts.get(name) ?? 0) / picked.length / (weight / total)));
}
