import { monotonicNow } from "../../timers.ts";
import { clockNow } from "./clocks.ts";
import { ERRNO } from "./errno.ts";
import type { WasiFunctions } from "./wasi-function.ts";
import type { World } from "./world.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
/** Most subscriptions of one call. */
const MAX_SUBSCRIPTIONS = 1_024;

/** Kinds of subscriptions and of events. */
const KIND = { clock: 0, read: 1, write: 2 } as const;
/** Flag of a clock's subscription: the timeout is a time, and not a duration. */
const ABSOLUTE = 1;
/** Flag of an event: the other side has closed. */
const HANGUP = 1;

interface Subscription {
	readonly userdata: bigint;
	readonly kind: number;
	/** Monotonic nanoseconds at which the event happens. 0 for what is ready. */
	readonly deadline: bigint;
	readonly error: number;
	readonly hangup: boolean;
}

/** Waiting for time to pass. The input and the outputs are ready at any time. */
export const POLL: WasiFunctions = {
	poll_oneoff: {
		signature: "iiii>i",
		waits: true,
		async call(world: World, input: number, output: number, count: number, stored: number): Promise<number> {
			if (count === 0 || count >>> 0 > MAX_SUBSCRIPTIONS) return ERRNO.inval;
			const subscriptions = readSubscriptions(world, input, count);
			world.memory.view(output, count * EVENT_BYTES);
			world.memory.setU32(stored, 0);
			await world.timers.until(subscriptions.reduce((least, { deadline }) => (deadline < least ? deadline : least), FOREVER));
			const now = monotonicNow();
			const ready = subscriptions.filter(({ deadline }) => deadline <= now);
			// Taken after the wait: another stack of the guest may have grown the memory.
			for (const [index, each] of ready.entries()) writeEvent(world.memory.view(output + index * EVENT_BYTES, EVENT_BYTES), each);
			world.memory.setU32(stored, ready.length);
			return ERRNO.success;
		},
	},
};

/** A time that no clock reaches. */
const FOREVER = 2n ** 64n;

function readSubscriptions(world: World, input: number, count: number): Subscription[] {
	const records = world.memory.view(input, count * SUBSCRIPTION_BYTES);
	return Array.from({ length: count }, (_, index) => readSubscription(world, records, index * SUBSCRIPTION_BYTES));
}

function readSubscription(world: World, records: DataView, at: number): Subscription {
	const userdata = records.getBigUint64(at, true);
	const kind = records.getUint8(at + 8);
	const ready = (error: number, hangup = false): Subscription => ({ userdata, kind, deadline: 0n, error, hangup });
	if (kind === KIND.clock) {
		const now = clockNow(world, records.getUint32(at + 16, true));
		if (now === undefined) return ready(ERRNO.inval);
		const timeout = records.getBigUint64(at + 24, true);
		const isAbsolute = (records.getUint16(at + 40, true) & ABSOLUTE) !== 0;
		const left = isAbsolute ? timeout - now : timeout;
		return { userdata, kind, deadline: left > 0n ? monotonicNow() + left : 0n, error: ERRNO.success, hangup: false };
	}
	const fd = records.getUint32(at + 16, true);
	if (kind === KIND.read && fd === 0 && world.open.has(fd)) return ready(ERRNO.success, true);
	if (kind === KIND.write && fd !== 0 && world.open.has(fd)) return ready(ERRNO.success);
	return ready(kind === KIND.read || kind === KIND.write ? ERRNO.badf : ERRNO.inval);
}

function writeEvent(event: DataView, { userdata, kind, error, hangup }: Subscription): void {
	event.setBigUint64(0, userdata, true);
	event.setUint16(8, error, true);
	event.setUint8(10, kind);
	for (let at = 11; at < EVENT_BYTES; at += 1) event.setUint8(at, 0);
	if (hangup) event.setUint16(24, HANGUP, true);
}
