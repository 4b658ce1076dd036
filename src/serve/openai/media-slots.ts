import { LinkedList } from "../../collections/linked-list.ts";
import type { HostClient } from "../../host/client.ts";

/** Number of things that may be open at once. */
class Slots {
	readonly #waiting = new LinkedList<() => void>();
	#free: number;

	constructor(count: number) {
		this.#free = count;
	}

	/** Takes a slot. Returns false if none is free. */
	tryTake(): boolean {
		if (this.#free === 0) return false;
		this.#free -= 1;
		return true;
	}

	/** Takes a slot, as soon as one is free. The first that waits is the first that has one. */
	async take(): Promise<void> {
		if (this.tryTake()) return;
		await new Promise<void>((resolve) => {
			this.#waiting.append(resolve);
		});
	}

	/** Returns a slot, to the first that waits for one. */
	release(): void {
		const next = this.#waiting.takeFirst();
		if (next === undefined) this.#free += 1;
		else next();
	}
}

/** Slots of one client. The media store allows 64 readers and writers of a guest, and refuses more. */
export interface MediaSlots {
	readonly uploads: Slots;
	readonly readers: Slots;
}

const SLOTS = new WeakMap<HostClient["media"], MediaSlots>();

/** Returns the slots of a client's media. */
export function mediaSlots(media: HostClient["media"]): MediaSlots {
	const present = SLOTS.get(media);
	if (present !== undefined) return present;
	const made = { uploads: new Slots(32), readers: new Slots(24) };
	SLOTS.set(media, made);
	return made;
}
