import { FORGET_MS, type LimitsRoom, type PlacesAnswer, type PlacesRequest, type SliceAnswer, type SliceRequest } from "../limits.ts";
import { StoreError } from "../store-error.ts";
import type { StoreKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { listOf, numberOf, textOf } from "./reply.ts";
import { EXCHANGE_PLACES } from "./scripts/limits/exchange-places.ts";
import { EXCHANGE_SLICES } from "./scripts/limits/exchange-slices.ts";

/** Longest name of a limit in a message, in bytes. */
const MAX_NAME_BYTES = 4_096;

/** Limits on a server of the Redis protocol. Calls for several owners are sent together. */
export class RedisLimits implements LimitsRoom {
	readonly #connection: RedisConnection;
	readonly #keys: StoreKeys;
	readonly #channel: string;

	constructor(connection: RedisConnection, keys: StoreKeys) {
		this.#connection = connection;
		this.#keys = keys;
		this.#channel = keys.channel("limits", "places");
	}

	async exchange(host: string, requests: readonly SliceRequest[]): Promise<readonly (SliceAnswer | StoreError)[]> {
		const answers: (SliceAnswer | StoreError)[] = [];
		const byOwner = Map.groupBy(requests.keys(), (index) => requests[index]?.owner ?? "");
		await Promise.all(
			Array.from(byOwner, async ([owner, indexes]) => {
				const asked = indexes.flatMap((index) => requests[index] ?? []);
				const read = await this.#exchangeOwned(host, owner, asked);
				for (const [at, index] of indexes.entries()) answers[index] = read[at] ?? missing();
			}),
		);
		return answers;
	}

	async exchangePlaces(host: string, requests: readonly PlacesRequest[]): Promise<readonly (PlacesAnswer | StoreError)[]> {
		return Promise.all(
			requests.map(async ({ name, owner, limit, target, isWaiting }) => {
				try {
					const keys = [this.#keys.key("limits", owner, name, "places"), this.#keys.key("limits", owner, name, "hosts")];
					const values = [host, limit, target, isWaiting ? 1 : 0, this.#channel, name];
					const [held, hosts, contended] = listOf(await this.#connection.run(EXCHANGE_PLACES, keys, values));
					return {
						held: inRange(numberOf(held), 0, target),
						hosts: inRange(numberOf(hosts), 1, Number.MAX_SAFE_INTEGER),
						isContended: numberOf(contended) === 1,
					};
				} catch (thrown) {
					if (thrown instanceof StoreError) return thrown;
					throw thrown;
				}
			}),
		);
	}

	onPlaces(listener: (name: string) => void): () => void {
		return this.#connection.subscribe(this.#channel, (message) => {
			if (message.length <= MAX_NAME_BYTES) listener(message.toString("utf8"));
		});
	}

	/** Exchanges slices of the buckets of one owner in one step. A failure counts for each of them. */
	async #exchangeOwned(host: string, owner: string, requests: readonly SliceRequest[]): Promise<readonly (SliceAnswer | StoreError)[]> {
		const keys = requests.map(({ bucket }) => this.#keys.key("limits", owner, bucket));
		const values = requests.flatMap((each) => [
			each.capacity,
			each.perMs,
			each.forgetAfterMs ?? FORGET_MS,
			each.want,
			each.atLeast,
			each.unused,
			each.owed,
			each.demand,
			each.held,
			each.told?.window ?? -1,
			each.told?.demand ?? 0,
			each.told?.held ?? 0,
			each.isWaiting ? 1 : 0,
		]);
		try {
			const reply = listOf(await this.#connection.run(EXCHANGE_SLICES, keys, [host, ...values]));
			return requests.map((request, index) => answerOf(request, reply[index]));
		} catch (thrown) {
			if (!(thrown instanceof StoreError)) throw thrown;
			return requests.map(() => thrown);
		}
	}
}

function answerOf(request: SliceRequest, reply: unknown): SliceAnswer | StoreError {
	try {
		if (!Array.isArray(reply)) {
			const message = `the bucket ${request.bucket} is ${textOf(reply).slice(0, 100)}: another program writes to these keys, or another version`;
			return new StoreError("invalid_value", message);
		}
		const [granted, level, wait, demand, hosts, heldByOthers, starved, window] = reply.map(numberOf);
		if (granted === undefined || level === undefined || wait === undefined || demand === undefined) return missing();
		if (hosts === undefined || heldByOthers === undefined || starved === undefined || window === undefined) return missing();
		return {
			granted: inRange(granted, 0, request.capacity),
			level: Math.min(level, request.capacity),
			waitMs: wait < 0 ? undefined : wait,
			share: demand > 0 ? Math.min(1, request.demand / demand) : 1,
			hosts: inRange(hosts, 1, Number.MAX_SAFE_INTEGER),
			heldByOthers: Math.max(0, heldByOthers),
			isStarved: starved === 1,
			window,
		};
	} catch (thrown) {
		if (thrown instanceof StoreError) return thrown;
		throw thrown;
	}
}

function missing(): StoreError {
	return new StoreError("invalid_value", "the script of the limits has answered in another form: another version runs");
}

function inRange(value: number, least: number, most: number): number {
	if (value >= least && value <= most) return value;
	throw new StoreError("invalid_value", `the shared store answers ${value}, which is not from ${least} to ${most}`);
}
