import type { Instance } from "../../../src/router/instances/instance.ts";
import { PickContext } from "../../../src/router/load-balancing/pick-context.ts";
import { createPicker } from "../../../src/router/load-balancing/policies/create-picker.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { buildFleet, type InstanceModel } from "../backends.ts";
import { atMost } from "../check.ts";
import { members } from "../members.ts";
import type { Scenario } from "../scenario.ts";
import { simulate } from "../simulate.ts";
import { mean } from "../statistics.ts";
import { VirtualClock } from "../virtual-clock.ts";

/** Sizes a fleet grows through. */
const SIZES = [5, 10, 100, 1_000, 2_000] as const;
/** Each change is tried on so many instances. */
const TRIES = 3;

interface Outcome {
	/** Keys that moved when one instance went, as a multiple of what it had a right to: its part of all weights. */
	readonly removed: number;
	/** The same when one came. */
	readonly added: number;
	/** The highest share to the mean, weights allowed for. */
	readonly highest: number;
}

export const hashMoves: Scenario = {
	name: "hash-moves",
	title: "a fleet behind `consistent_hash` grows and shrinks",
	good: `Session keys are laid over fleets of several sizes; then one instance goes, or one comes. A good router moves the keys of that
instance and no others: a part 1/N of all, so that the other sessions keep their prompts in their upstreams' caches; and it gives no instance much more than the mean.
The figures are of the policy itself; the first row sends requests through the whole router.`,
	async play(seed) {
		const whole = await throughRouter(seed);
		const even = SIZES.map((size) => ({ label: `${size.toLocaleString("en")} alike`, outcome: ofPolicy(seed, size, () => 1) }));
		const uneven = { label: "20, weights 1 to 10", outcome: ofPolicy(seed, 20, (number) => 1 + (number % 10)) };
		const all = [{ label: "10 alike, whole router", outcome: whole }, ...even, uneven];
		const worst = (measure: (outcome: Outcome) => number): number => Math.max(...all.map(({ outcome }) => measure(outcome)));
		const points = (measure: (outcome: Outcome) => number) =>
			even.map(({ outcome }, index): [number, number] => [Math.log10(SIZES[index] ?? 1), measure(outcome)]);
		return {
			table: {
				of: "instances",
				columns: [
					{ title: "moved when one goes, of 1/N", unit: "ratio" },
					{ title: "when one comes", unit: "ratio" },
					{ title: "highest share to mean", unit: "ratio" },
				],
				rows: all.map(({ label, outcome: { removed, added, highest } }) => ({ label, values: [removed, added, highest] })),
			},
			checks: [
				atMost(
					"keys moved when one goes, as a multiple of its part, at any size",
					worst(({ removed }) => removed),
					1.5,
					"ratio",
				),
				atMost(
					"keys moved when one comes",
					worst(({ added }) => added),
					1.5,
					"ratio",
				),
				atMost(
					"highest share to the mean",
					worst(({ highest }) => highest),
					1.6,
					"ratio",
				),
			],
			panel: {
				plots: [
					{
						title: "keys moved, as a multiple of 1/N",
						x: "instances (powers of ten)",
						y: "×",
						lines: [
							{ name: "one goes", points: points(({ removed }) => removed) },
							{ name: "one comes", points: points(({ added }) => added) },
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

/** A fleet whose members may be of different weight; its upstreams are never asked. */
function fleetOf(models: readonly InstanceModel[]): readonly Instance[] {
	return buildFleet(models, { seed: 1, clock: new VirtualClock(), settings: DEFAULT_ROUTER }).instances;
}

/** Where the policy puts keys, by the instance's place. */
function place(instances: readonly Instance[], keys: number): string[] {
	const picker = createPicker("consistent_hash", { members: instances, random: seededRandom(1), statsKey: "" });
	picker.update(instances);
	return Array.from(
		{ length: keys },
		(_, key) => picker.pick(new PickContext("chat_completions", `session-${key}`, seededRandom(1)))?.name ?? "",
	);
}

function ofPolicy(seed: number, size: number, weight: (number: number) => number): Outcome {
	const models = members(size + TRIES, (number) => ({ weight: weight(number) }));
	const fleet = fleetOf(models.slice(0, size));
	const keys = 20_000 + 80 * size;
	const before = place(fleet, keys);
	const total = fleet.reduce((sum, instance) => sum + instance.weight, 0);
	const chance = seededRandom(seed);
	const removed: number[] = [];
	const added: number[] = [];
	for (let attempt = 0; attempt < TRIES; attempt++) {
		const gone = fleet[Math.floor(chance() * size)];
		removed.push(
			movedPart(
				before,
				place(
					fleet.filter((instance) => instance !== gone),
					keys,
				),
			) /
				((gone?.weight ?? 1) / total),
		);
		const [come] = fleetOf(models.slice(size + attempt, size + attempt + 1));
		if (come !== undefined) added.push(movedPart(before, place([...fleet, come], keys)) / (come.weight / (total + come.weight)));
	}
	return { removed: mean(removed), added: mean(added), highest: highestShare(before, fleet) };
}

/** Ten instances behind the router itself: the same sessions before and after one goes, and one comes. */
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
		highest: highestShare(before, fleetOf(ten)),
	};
}

function movedPart(before: readonly string[], after: readonly string[]): number {
	return before.filter((name, key) => name !== after[key]).length / before.length;
}

function highestShare(placed: readonly string[], fleet: readonly Instance[]): number {
	const counts = new Map<string, number>();
	for (const name of placed) counts.set(name, (counts.get(name) ?? 0) + 1);
	const total = fleet.reduce((sum, { weight }) => sum + weight, 0);
	return Math.max(...fleet.map(({ name, weight }) => (counts.get(name) ?? 0) / placed.length / (weight / total)));
}
