import type { Instance } from "./instance.ts";

/** The right to use an instance for one call, stream or session. Released once, with the outcome; further releases do nothing. */
export interface Lease {
	readonly instance: Instance;
	release(): void;
}

export function acquire(instance: Instance): Lease {
	instance.inFlight += 1;
	let held = true;
	return {
		instance,
		release() {
			if (!held) return;
			held = false;
			instance.inFlight -= 1;
		},
	};
}
