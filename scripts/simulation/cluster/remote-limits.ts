import type { LimitsRoom, PlacesAnswer, PlacesRequest, SliceAnswer, SliceRequest } from "../../../src/cluster/limits.ts";
import type { StoreError } from "../../../src/cluster/store-error.ts";
import type { StoreLink } from "./store-link.ts";

/** The limits of a store, over the link of a host. */
export class RemoteLimits implements LimitsRoom {
	readonly #room: () => LimitsRoom;
	readonly #link: StoreLink;

	/** @param room Returns the room in the process of the store. A restart may replace it. */
	constructor(room: () => LimitsRoom, link: StoreLink) {
		this.#room = room;
		this.#link = link;
	}

	exchange(host: string, requests: readonly SliceRequest[]): Promise<readonly (SliceAnswer | StoreError)[]> {
		return this.#link.call(() => this.#room().exchange(host, requests));
	}

	exchangePlaces(host: string, requests: readonly PlacesRequest[]): Promise<readonly (PlacesAnswer | StoreError)[]> {
		return this.#link.call(() => this.#room().exchangePlaces(host, requests));
	}

	onPlaces(listener: (name: string) => void): () => void {
		return this.#room().onPlaces((name) => this.#link.notify(() => listener(name)));
	}
}
