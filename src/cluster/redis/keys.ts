/** Version of the form of keys and values. Hosts with another one do not see these keys. */
const FORM = 1;

/**
 * Names of keys and channels. Every key of one owner has the same hash tag, the part in braces. So a cluster of servers keeps them in one slot,
 * and a script may use them together.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
export class StoreKeys {
	readonly #prefix: string;

	/** @param prefix Prefix of the deployment, without colons and braces. Deployments with different prefixes share nothing. */
	constructor(prefix: string) {
		this.#prefix = `${prefix}:${FORM}`;
	}

	/**
	 * Returns the name of a key.
	 *
	 * @param room The part of the store, e.g. `limits`.
	 * @param owner Name that all keys used together have in common, e.g. that of a guest.
	 * @param parts Further parts of the name.
	 */
	key(room: string, owner: string, ...parts: readonly string[]): string {
		return [`${this.#prefix}:{${room}:${escaped(owner)}}`, ...parts.map(escaped)].join(":");
	}

	/** Returns the name of a channel for notifications. */
	channel(...parts: readonly string[]): string {
		return [this.#prefix, ...parts.map(escaped)].join(":");
	}
}

/** Returns a name without colons, braces and blanks: names of guests may have any character. */
function escaped(name: string): string {
	return encodeURIComponent(name.toWellFormed()).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
