import { batchesOf } from "../../collections/batches.ts";
import type { ContentUse, DueContent, FoundObject, NewObject, Renewal, Reservation, ReserveResult, SharedObjects } from "../objects.ts";
import { StoreError } from "../store-error.ts";
import type { StoreKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { bytesOf, listOf, numberOf, optional, textOf } from "./reply.ts";
import { COMMIT } from "./scripts/objects/commit.ts";
import { CLAIM_GUESTS, RELEASE_GUEST, SCHEDULE_GUEST } from "./scripts/objects/due-guests.ts";
import { FIND } from "./scripts/objects/find.ts";
import { guestsKey, KEEP_MS, objectKeys } from "./scripts/objects/object-keys.ts";
import { RELEASE } from "./scripts/objects/release.ts";
import { REMOVE } from "./scripts/objects/remove.ts";
import { RENEW } from "./scripts/objects/renew.ts";
import { RESERVE } from "./scripts/objects/reserve.ts";
import { TAKE_DUE } from "./scripts/objects/take-due.ts";

/** Longest id of a guest that a host accepts from the store, in bytes. */
const MAX_GUEST_BYTES = 1_024;

/** Time for which a host that removes an object may delete its content alone, in milliseconds. */
const DELETION_MS = 60_000;

/** Most ids of one renewal. Longer ones are several calls, so that none occupies the server for long. */
const MAX_RENEWED = 500;

/** Media objects on a server of the Redis protocol. */
export class RedisObjects implements SharedObjects {
	readonly #connection: RedisConnection;
	readonly #keys: StoreKeys;

	constructor(connection: RedisConnection, keys: StoreKeys) {
		this.#connection = connection;
		this.#keys = keys;
	}

	async reserve(guest: string, request: Reservation): Promise<ReserveResult> {
		const { id, isFirst, bytes, wantedBytes, quotaBytes, maxObjects, leaseMs } = request;
		// Before the reservation. Otherwise the bytes of a host that dies in between would stay reserved.
		const scheduled = isFirst ? this.#schedule(guest, leaseMs) : undefined;
		const args = [id, isFirst ? 1 : 0, bytes, wantedBytes, quotaBytes, maxObjects, leaseMs, KEEP_MS];
		const [reply] = await Promise.all([this.#connection.run(RESERVE, objectKeys(this.#keys, guest), args), scheduled]);
		const [outcome, amount] = listOf(reply);
		switch (textOf(outcome)) {
			case "granted":
				return { granted: numberOf(amount) };
			case "bytes":
				return { refused: "bytes", used: numberOf(amount) };
			case "objects":
				return { refused: "objects" };
			default:
				return { refused: "lost" };
		}
	}

	async commit(guest: string, { id, size, sha256, mimeType, lifetimeMs }: NewObject): Promise<number | undefined> {
		const args = [id, size, sha256, mimeType, lifetimeMs, lifetimeMs + KEEP_MS];
		const stored = numberOf(await this.#connection.run(COMMIT, objectKeys(this.#keys, guest), args));
		return stored === 1 ? lifetimeMs : undefined;
	}

	async find(guest: string, id: string, { host, leaseMs }: ContentUse): Promise<FoundObject | undefined> {
		const reply = await this.#connection.run(FIND, objectKeys(this.#keys, guest), [id, host, leaseMs]);
		return optional(reply, (present) => {
			const [record, remaining] = listOf(present);
			return { ...parsed(bytesOf(record).toString("utf8")), remainingMs: numberOf(remaining) };
		});
	}

	async renew(guest: string, { host, leaseMs, writing, used }: Renewal): Promise<void> {
		const keys = objectKeys(this.#keys, guest);
		for (const ids of batchesOf(writing, MAX_RENEWED)) await this.#connection.run(RENEW, keys, [host, leaseMs, ids.length, ...ids]);
		for (const ids of batchesOf(used, MAX_RENEWED)) await this.#connection.run(RENEW, keys, [host, leaseMs, 0, ...ids]);
	}

	async release(guest: string, ids: readonly string[], host: string): Promise<void> {
		const keys = objectKeys(this.#keys, guest);
		for (const batch of batchesOf(ids, MAX_RENEWED)) await this.#connection.run(RELEASE, keys, [host, ...batch]);
	}

	async remove(guest: string, id: string, host: string | undefined): Promise<DueContent | "later" | "unknown"> {
		const scheduled = this.#schedule(guest, DELETION_MS);
		const args = [id, host ?? "", DELETION_MS, KEEP_MS];
		const [removed] = await Promise.all([this.#connection.run(REMOVE, objectKeys(this.#keys, guest), args), scheduled]);
		const reply = numberOf(removed);
		if (reply === 1 || reply === 2) return { guest, id, isComplete: reply === 1 };
		return reply === 0 ? "later" : "unknown";
	}

	async takeDue(limit: number, leaseMs: number): Promise<readonly DueContent[]> {
		const guests = guestsKey(this.#keys);
		const claimed = listOf(await this.#connection.run(CLAIM_GUESTS, [guests], [limit, leaseMs, MAX_GUEST_BYTES]));
		const due: DueContent[] = [];
		for (let index = 0; index + 1 < claimed.length; index += 2) {
			const guest = textOf(claimed[index]);
			const reply = await this.#connection.run(TAKE_DUE, objectKeys(this.#keys, guest), [limit, leaseMs, KEEP_MS]);
			const [next, contents] = listOf(reply);
			for (const member of listOf(contents)) {
				const content = dueContent(guest, textOf(member));
				if (content !== undefined) due.push(content);
			}
			await this.#connection.run(RELEASE_GUEST, [guests], [guest, numberOf(claimed[index + 1]), numberOf(next)]);
		}
		return due;
	}

	async forget(guest: string, contents: readonly DueContent[]): Promise<void> {
		if (contents.length === 0) return;
		const members = contents.map(({ id, isComplete }) => `${isComplete ? "o" : "w"}:${id}`);
		await this.#connection.command("ZREM", this.#keyOf(guest, "doomed"), ...members);
	}

	async usedBy(guest: string): Promise<number> {
		const reply = await this.#connection.command("GETRANGE", this.#keyOf(guest, "bytes"), 0, 31);
		return bytesOf(reply).length === 0 ? 0 : numberOf(reply);
	}

	#keyOf(guest: string, part: "doomed" | "bytes"): string {
		return this.#keys.key("media", guest, part);
	}

	async #schedule(guest: string, waitMs: number): Promise<void> {
		await this.#connection.run(SCHEDULE_GUEST, [guestsKey(this.#keys)], [guest, waitMs]);
	}
}

/** Returns the content of an entry. `undefined` for an entry of another program, which no host deletes. */
function dueContent(guest: string, member: string): DueContent | undefined {
	const [, form, id] = /^([ow]):([0-9a-f]{32})$/.exec(member) ?? [];
	return id === undefined ? undefined : { guest, id, isComplete: form === "o" };
}

/** @throws StoreError `invalid_value` for a record of another form. */
function parsed(record: string): Omit<FoundObject, "remainingMs"> {
	const [, size, sha256, mimeType] = /^1 (\d{1,16}) ([0-9a-f]{64}) ([ -~]{1,512})$/.exec(record) ?? [];
	if (sha256 === undefined || mimeType === undefined || !Number.isSafeInteger(Number(size)))
		throw new StoreError("invalid_value", "the shared store holds another value in place of the record of a media object");
	return { size: Number(size), sha256, mimeType };
}
