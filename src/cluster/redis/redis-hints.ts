import { boundedMs, checkPublication, readHint, subjectOf, writeHint } from "../hint-form.ts";
import { HINT_LIMITS, type Hint, type PresentHints, type ReceivedHint, type SharedHints } from "../hints.ts";
import type { StoreKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { listOf, numberOf, textOf } from "./reply.ts";
import { PRESENT_HINTS } from "./scripts/hints/present.ts";
import { PUBLISH_HINTS } from "./scripts/hints/publish.ts";

/** Most bytes of a message: a hint, its host and its time. */
const MAX_MESSAGE_BYTES = HINT_LIMITS.bytes + 100;

/** Hints on a server that speaks the protocol of Redis: a hash for each host, and an index of the hosts. */
export class RedisHints implements SharedHints {
	readonly #connection: RedisConnection;
	readonly #index: string;
	readonly #prefix: string;
	readonly #channel: string;

	constructor(connection: RedisConnection, keys: StoreKeys) {
		this.#connection = connection;
		this.#index = keys.key("hints", "all", "hosts");
		this.#prefix = keys.key("hints", "all", "host", "");
		this.#channel = keys.channel("hints");
	}

	async publish(host: string, hints: readonly Hint[]): Promise<void> {
		checkPublication(host, hints);
		if (hints.length === 0) return;
		const { hosts, perHost } = HINT_LIMITS;
		const written = hints.flatMap((hint) => [subjectOf(hint), writeHint(hint), boundedMs(hint.leftMs)]);
		const args = [host, this.#channel, hosts, perHost, this.#prefix, ...written];
		await this.#connection.run(PUBLISH_HINTS, [this.#index, this.#prefix + host], args);
	}

	async present(): Promise<PresentHints> {
		const { hosts, perHost, present, bytes } = HINT_LIMITS;
		const [first, ...values] = listOf(
			await this.#connection.run(PRESENT_HINTS, [this.#index], [this.#prefix, hosts, perHost, present, bytes]),
		);
		let refused = numberOf(first);
		const hints: ReceivedHint[] = [];
		for (let at = 0; at + 2 < values.length; at += 3) {
			const hint = readHint(textOf(values[at]), numberOf(values[at + 1]), textOf(values[at + 2]));
			if (hint === undefined) refused += 1;
			else hints.push(hint);
		}
		return { hints, refused };
	}

	subscribe(listener: (hint: ReceivedHint) => void): () => void {
		return this.#connection.subscribe(this.#channel, (message) => {
			if (message.length > MAX_MESSAGE_BYTES) return;
			const [host, leftMs, ...text] = message.toString("utf8").split("\n");
			const hint = readHint(host, Number(leftMs || Number.NaN), text.join("\n"));
			if (hint !== undefined) listener(hint);
		});
	}
}
