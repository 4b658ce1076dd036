import { type Agent, createHost, GuestError, SpearError } from "../../src/index.ts";
import { endlessGuest } from "../../test/helpers/endless-guest.ts";
import { mb } from "./process-memory.ts";
import type { Row } from "./table.ts";

const MB = 2 ** 20;
const GUESTS = 20;
const MAX_MEMORY = 32 * MB;

/** Ends of guests that allocate until they are refused. */
interface Allocated {
	/** Guests that the engine refused memory beyond their own cap. */
	readonly capped: number;
	/** Guests that the host ended for the sum of all. */
	readonly evicted: number;
	/** Most memory that they held together, in bytes. */
	readonly most: number;
}

/** Runs guests that allocate until they are refused: in a host with room for all of them, and in one with room for half. Returns a row for each. */
export async function allocating(): Promise<Row[]> {
	const all = await inHost(2 * GUESTS * MAX_MEMORY);
	const limit = (GUESTS / 2) * MAX_MEMORY;
	const half = await inHost(limit);
	return [
		{
			name: `guests that allocate until their cap of ${mb(MAX_MEMORY)} refuses, of ${GUESTS}`,
			goal: `${GUESTS}`,
			figure: `${all.capped}, which held ${mb(all.most)}`,
		},
		{
			name: `memory that they hold in a host whose guests may hold half of that`,
			goal: `<= ${mb(limit)}`,
			figure: `${mb(half.most)}; ${half.capped} reached their cap, and the host ended ${half.evicted}`,
		},
	];
}

async function inHost(maxTotalMemory: number): Promise<Allocated> {
	const host = await createHost({
		config: { host: { log_level: "silent", max_memory_bytes: MAX_MEMORY, max_total_memory_bytes: maxTotalMemory } },
		env: {},
	});
	let most = 0;
	// Guests that compute yield every 5 ms, with turns for timers between.
	const timer = setInterval(() => {
		most = Math.max(most, host.memory().used);
	}, 1);
	try {
		const agent = await host.load((await endlessGuest()).prepared);
		const ends = await Promise.all(Array.from({ length: GUESTS }, () => endOf(agent)));
		const count = (end: string): number => ends.filter((each) => each === end).length;
		return { capped: count("capped"), evicted: count("evicted"), most };
	} finally {
		clearInterval(timer);
		await host.close();
	}
}

/** Runs a guest that allocates for ever. QuickJS traps when the engine refuses memory. */
async function endOf(agent: Agent): Promise<string> {
	return agent.run("allocate").then(
		() => "answered",
		(error: unknown) => {
			if (error instanceof GuestError && error.failure === "trapped") return "capped";
			return error instanceof SpearError && error.code === "rate_limited" ? "evicted" : "failed";
		},
	);
}
