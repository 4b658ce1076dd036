import { hash } from "node:crypto";
import type { ClientSettings } from "../../config/serve-settings.ts";
import type { Host } from "../../host/host.ts";
import type { Serving } from "../../host/serving.ts";
import { HttpError } from "../http-error.ts";
import { ServedClient } from "./served-client.ts";

/** Name of the only client of a server without configured ones. */
const ANONYMOUS = "anonymous";

interface Kept {
	readonly settings: ClientSettings;
	readonly digest: string;
	readonly client: ServedClient;
}

/** The clients of a server, by their keys. Holds digests of keys only. */
export class Clients {
	readonly #host: Host;
	readonly #kept = new Map<string, Kept>();
	#byDigest: ReadonlyMap<string, ServedClient> = new Map();
	#anonymous: ServedClient | undefined;
	#isKeyless = true;

	constructor(host: Host, serving: Serving) {
		this.#host = host;
		this.configure(serving);
	}

	/** Returns true if each request needs a key. */
	get areKeysNeeded(): boolean {
		return this.#anonymous === undefined;
	}

	/**
	 * Refuses requests without a key from now on, also when a later configuration has no clients. For a server that other machines reach: a reload must
	 * not open it.
	 */
	demandKeys(): void {
		this.#isKeyless = false;
		this.#anonymous?.close();
		this.#anonymous = undefined;
	}

	/** Returns true if there are several clients. */
	get areSeveral(): boolean {
		return this.#kept.size > 1;
	}

	/** Replaces the clients. Requests of a client that is gone, or has another key or other limits, are cancelled. */
	configure({ clients, clientsByDigest }: Serving): void {
		const digests = new Map([...clientsByDigest].map(([digest, name]) => [name, digest]));
		for (const [name, { settings, digest, client }] of this.#kept) {
			const next = clients.get(name);
			if (next !== undefined && digests.get(name) === digest && JSON.stringify(next) === JSON.stringify(settings)) continue;
			this.#kept.delete(name);
			client.close();
		}
		for (const [name, settings] of clients) {
			const digest = digests.get(name);
			if (digest === undefined || this.#kept.has(name)) continue;
			const client = new ServedClient(name, settings.guest, this.#host.client({ guest: settings.guest }), settings);
			this.#kept.set(name, { settings, digest, client });
		}
		this.#byDigest = new Map([...this.#kept.values()].map(({ digest, client }) => [digest, client]));
		const isOpen = clients.size === 0 && this.#isKeyless;
		if (isOpen) {
			const everything = { operations: undefined, models: undefined, agents: undefined };
			this.#anonymous ??= new ServedClient(ANONYMOUS, ANONYMOUS, this.#host.client({ guest: ANONYMOUS }), everything);
		} else {
			this.#anonymous?.close();
			this.#anonymous = undefined;
		}
	}

	/** Cancels the requests of all clients. */
	close(): void {
		for (const { client } of this.#kept.values()) client.close();
		this.#anonymous?.close();
	}

	/**
	 * Returns the client of a request. The digest of the key is looked up, so that the time taken tells nothing of another key.
	 *
	 * @throws HttpError 401 for a missing or unknown key.
	 */
	identify(headers: Headers): ServedClient {
		if (this.#anonymous !== undefined) return this.#anonymous;
		const key = presentedKey(headers);
		if (key === undefined) throw unauthenticated("this server needs a key; send it as `Authorization: Bearer KEY`, or as `x-api-key: KEY`");
		return this.identifyKey(key);
	}

	/** As `identify`, by a key that came another way. */
	identifyKey(key: string): ServedClient {
		if (this.#anonymous !== undefined) return this.#anonymous;
		const client = this.#byDigest.get(hash("sha256", key));
		if (client === undefined) throw unauthenticated("the key is not known");
		return client;
	}
}

/** Returns the key that a request presents, as clients of OpenAI, Azure and Anthropic send it. */
export function presentedKey(headers: Headers): string | undefined {
	const authorization = headers.get("authorization");
	if (authorization !== null) {
		const space = authorization.indexOf(" ");
		if (space > 0 && authorization.slice(0, space).toLowerCase() === "bearer") return authorization.slice(space + 1).trim() || undefined;
	}
	return headers.get("x-api-key")?.trim() || headers.get("api-key")?.trim() || undefined;
}

function unauthenticated(message: string): HttpError {
	return new HttpError(401, "unauthenticated", message, { headers: { "www-authenticate": 'Bearer realm="spear"' } });
}
