import type { Instance } from "../instances/instance.ts";
import { hash32 } from "./policies/hash.ts";

/** How long a session is remembered after its last request, in milliseconds: about as long as upstreams keep prompts in their caches. */
const REMEMBERED_MS = 600_000;

/** How many sessions are remembered; the ones not seen longest go first. */
const MOST = 10_000;

/** Where the requests of a session went, so that the next one finds its prompt in that upstream's cache. */
export class Affinity {
	readonly #sessions = new Map<string, { readonly instance: string; readonly at: number }>();

	/** What a session is remembered by. Guests choose their keys; what is kept of them is short, and each guest's are its own. */
	static sessionOf(operation: string, guest: string, key: string): string {
		const short = key.length <= 64 ? key : `${key.length}/${hash32(key)}/${hash32(key, 1)}`;
		return `${operation} ${guest} ${short}`;
	}

	/** The name of the instance that served the session last. */
	find(session: string, now: number): string | undefined {
		const found = this.#sessions.get(session);
		return found !== undefined && now - found.at < REMEMBERED_MS ? found.instance : undefined;
	}

	served(session: string, { name }: Instance, now: number): void {
		this.#sessions.delete(session);
		this.#sessions.set(session, { instance: name, at: now });
		if (this.#sessions.size <= MOST) return;
		const [oldest] = this.#sessions.keys();
		if (oldest !== undefined) this.#sessions.delete(oldest);
	}
}
