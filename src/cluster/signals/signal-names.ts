import { createHmac } from "node:crypto";
import { RecentMap } from "../../collections/recent-map.ts";
import type { Key } from "../../router/instances/keys/key.ts";
import type { ContentSeal } from "../content-seal.ts";

/** Digests of guests that are kept: each hint asks for that of the only guest. */
const MAX_KEPT = 64;

/** A key of this host that a hint names. */
export interface NamedKey {
	readonly number: number;
	/** True if its value is surely that of the other host. */
	readonly isSameValue: boolean;
}

/**
 * Names of guests and keys in hints.
 *
 * The name of a guest is a digest, which bounds its length. Names of guests are no secrets.
 *
 * The name of a key is a digest of its value only if the hosts share a secret (`content = "sealed"`). By a digest without a secret, a reader of the
 * store could try short keys. Without a secret, the name is the position of the key, and a digest of the name of its variable. The values of two hosts
 * may differ then, while the key is rotated.
 */
export class SignalNames {
	readonly #prefix: string;
	readonly #seal: Pick<ContentSeal, "digest">;
	readonly #guests = new RecentMap<string, string>(MAX_KEPT);

	/** @param prefix Prefix of the deployment: digests of different deployments are unrelated. */
	constructor(prefix: string, seal: Pick<ContentSeal, "digest">) {
		this.#prefix = prefix;
		this.#seal = seal;
	}

	/** Returns the name of a guest. */
	ofGuest(id: string): string {
		const kept = this.#guests.get(id);
		if (kept !== undefined) return kept;
		const name = `g${this.#digest(id, "guest")}`;
		this.#guests.set(id, name);
		return name;
	}

	/** Returns the name of a key. */
	ofKey({ number, name, value }: Key): string {
		const digest = value === undefined ? undefined : this.#seal.digest(value, "key");
		return digest === undefined ? `p${number}.${this.#digest(name ?? "", "key name")}` : `v${digest}`;
	}

	/** Returns the key with this name; `undefined` for none. */
	keyOf(name: string, keys: readonly Key[]): NamedKey | undefined {
		const key = keys.find((each) => this.ofKey(each) === name);
		return key === undefined ? undefined : { number: key.number, isSameValue: name.startsWith("v") };
	}

	#digest(text: string, purpose: string): string {
		const keyed = this.#seal.digest(text, purpose);
		return keyed ?? createHmac("sha256", this.#prefix).update(`${purpose}\n${text}`).digest("base64url").slice(0, 22);
	}
}
