import { randomBytes } from "node:crypto";
import type { MediaRef } from "../../../../generated/ir/types.ts";
import type { HostClient } from "../../../host/client.ts";

/** An image behind a URL. */
export interface LinkedImage {
	readonly media: HostClient["media"];
	readonly reference: MediaRef;
	readonly mimeType: string;
}

interface Link extends LinkedImage {
	/** End of the link, in milliseconds of the server's clock. */
	readonly endsAt: number;
}

/** Lifetime of a link, in milliseconds: as long as OpenAI's. */
const LIFETIME_MS = 3_600_000;

/** Links of one client. The oldest ends when another one is made. */
const MAX_LINKS = 1024;

/**
 * The URLs of images in answers. Each has 192 random bits and needs no key: a page shows the image by it, and it can be passed on. A link
 * ends after an hour, with the image, or with the server.
 */
export class ImageLinks {
	readonly #links = new Map<string, Link>();
	/** Tokens of each client, oldest first. */
	readonly #tokens = new WeakMap<HostClient, string[]>();
	readonly #now: () => number;

	/** @param now Returns milliseconds of a clock that never goes back. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Returns the token of a new link. */
	add(client: HostClient, image: Pick<Link, "reference" | "mimeType">): string {
		const token = randomBytes(24).toString("base64url");
		const tokens = this.#tokens.get(client) ?? [];
		this.#tokens.set(client, tokens);
		this.#links.set(token, { ...image, media: client.media, endsAt: this.#now() + LIFETIME_MS });
		tokens.push(token);
		const [oldest] = tokens;
		if (oldest !== undefined && (tokens.length > MAX_LINKS || this.find(oldest) === undefined)) {
			tokens.shift();
			this.#links.delete(oldest);
		}
		return token;
	}

	/** Returns the image of a link. `undefined` for an unknown one, and one that has ended. */
	find(token: string): LinkedImage | undefined {
		const link = this.#links.get(token);
		return link !== undefined && link.endsAt > this.#now() ? link : undefined;
	}
}
