import type { Hint, PresentHints, ReceivedHint, SharedHints } from "../../../src/cluster/hints.ts";
import type { StoreLink } from "./store-link.ts";

/** Numbers of hint messages. */
export interface HintTraffic {
	/** Called for each call that publishes hints. */
	onPublish(hints: readonly Hint[]): void;
	/** Called for each notification to a host. */
	onDelivery(): void;
}

/** The hints of a store, over the link of a host. */
export class RemoteHints implements SharedHints {
	readonly #room: SharedHints;
	readonly #link: StoreLink;
	readonly #traffic: HintTraffic;

	constructor(room: SharedHints, link: StoreLink, traffic: HintTraffic) {
		this.#room = room;
		this.#link = link;
		this.#traffic = traffic;
	}

	publish(host: string, hints: readonly Hint[]): Promise<void> {
		this.#traffic.onPublish(hints);
		return this.#link.call(() => this.#room.publish(host, hints));
	}

	present(): Promise<PresentHints> {
		return this.#link.call(() => this.#room.present());
	}

	subscribe(listener: (hint: ReceivedHint) => void): () => void {
		return this.#room.subscribe((hint) => {
			this.#traffic.onDelivery();
			this.#link.notify(() => listener(hint));
		});
	}
}
