import { batchesOf } from "../../collections/batches.ts";
import {
	DIGEST_LENGTH,
	INSTANCE_LENGTH,
	MAX_CARD_BYTES,
	MAX_HOST_NAME,
	MAX_MEMBERS,
	MAX_MESSAGE_BYTES,
	MAX_MESSAGES,
	type Members,
	type Renewal,
	type RenewResult,
	type StoredMember,
	type StoredMembers,
} from "../members.ts";
import { StoreError } from "../store-error.ts";
import type { StoreKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { listOf, numberOf, textOf } from "./reply.ts";
import { CARDS } from "./scripts/members/cards.ts";
import { HOLD } from "./scripts/members/hold.ts";
import { LEAVE } from "./scripts/members/leave.ts";
import { NAMES } from "./scripts/members/names.ts";
import { RECEIVE } from "./scripts/members/receive.ts";
import { RELEASE } from "./scripts/members/release.ts";
import { RENEW } from "./scripts/members/renew.ts";
import { SEND } from "./scripts/members/send.ts";

/** Most cards of one call: 1 MiB at most. */
const CARDS_PER_CALL = 64;

/** All hosts have one hash tag: their number is small, and one script counts them. */
const ROOM = "members";
const OWNER = "all";

/** The hosts in a server of the Redis protocol. */
export class RedisMembers implements Members {
	readonly #connection: RedisConnection;
	readonly #keys: StoreKeys;

	constructor(connection: RedisConnection, keys: StoreKeys) {
		this.#connection = connection;
		this.#keys = keys;
	}

	async renew({ name, instance, digest, card, ttlMs, takeOver = false }: Renewal): Promise<RenewResult> {
		const args = [name, instance, digest, card, ttlMs, takeOver ? 1 : 0];
		const [isRenewed, ...rest] = listOf(await this.#connection.run(RENEW, this.#placeKeys(name, instance), args));
		if (numberOf(isRenewed) === 0) return { type: "held", by: textOf(rest[0]) };
		const [hosts = 0, sameConfig = 0, messages = 0] = rest.map(numberOf);
		return { type: "renewed", hosts, sameConfig, messages };
	}

	async leave(name: string, instance: string): Promise<void> {
		await this.#connection.run(LEAVE, this.#placeKeys(name, instance), [name, instance, DIGEST_LENGTH]);
	}

	async list(): Promise<StoredMembers> {
		const reply = listOf(await this.#connection.run(NAMES, [this.#key("index")], [MAX_MEMBERS, MAX_HOST_NAME]));
		const names = listOf(reply[2]).map(textOf).sort();
		const refused = numberOf(reply[1]) === 0 ? [] : [{ name: "", fault: `${numberOf(reply[1])} names are too long` }];
		const members: StoredMember[] = [];
		for (const part of batchesOf(names, CARDS_PER_CALL)) {
			const keys = part.map((name) => this.#key("host", name));
			const cards = listOf(await this.#connection.run(CARDS, keys, [INSTANCE_LENGTH, MAX_CARD_BYTES]));
			for (const [index, name] of part.entries()) {
				try {
					const member = memberOf(name, cards[index]);
					if (member !== undefined) members.push(member);
				} catch (thrown) {
					refused.push({ name, fault: thrown instanceof Error ? thrown.message : String(thrown) });
				}
			}
		}
		return { atMs: numberOf(reply[0]), members, refused };
	}

	async hold(instance: string, ttlMs: number): Promise<boolean> {
		return numberOf(await this.#connection.run(HOLD, [this.#key("right")], [instance, ttlMs])) === 1;
	}

	async release(instance: string): Promise<void> {
		await this.#connection.run(RELEASE, [this.#key("right")], [instance]);
	}

	async send(to: string, message: string, ttlMs: number): Promise<void> {
		await this.#connection.run(SEND, [this.#key("messages", to)], [message, ttlMs, MAX_MESSAGES, this.#channel(to)]);
	}

	async receive(instance: string): Promise<readonly string[]> {
		const key = this.#key("messages", instance);
		return listOf(await this.#connection.run(RECEIVE, [key], [MAX_MESSAGES, MAX_MESSAGE_BYTES])).map(textOf);
	}

	onMessage(instance: string, listener: () => void): () => void {
		return this.#connection.subscribe(this.#channel(instance), () => listener());
	}

	#placeKeys(name: string, instance: string): readonly string[] {
		return [this.#key("host", name), this.#key("index"), this.#key("config"), this.#key("messages", instance)];
	}

	#key(...parts: readonly string[]): string {
		return this.#keys.key(ROOM, OWNER, ...parts);
	}

	#channel(instance: string): string {
		return this.#keys.channel(ROOM, instance);
	}
}

/** Returns a member; `undefined` for a host that has gone since its name was read. @throws StoreError `invalid_value`. */
function memberOf(name: string, reply: unknown): StoredMember | undefined {
	const [form, instance, card, at] = listOf(reply);
	if (numberOf(form) === 0) return undefined;
	if (numberOf(form) !== 1) throw new StoreError("invalid_value", "its values have another form, or are too large");
	return { name, instance: textOf(instance), card: textOf(card), seenAtMs: numberOf(at) };
}
