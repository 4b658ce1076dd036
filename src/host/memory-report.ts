import { MEMORY_KINDS, type MemoryKind } from "../memory/memory-kinds.ts";
import type { TotalMemory } from "../memory/total-memory.ts";
import type { Agent } from "./agent.ts";

/** Memory that the live instances of one guest hold, in bytes. */
export interface GuestMemory {
	/** Name or id of the guest. */
	readonly guest: string;
	/** Number of live instances. */
	readonly instances: number;
	readonly used: number;
	/** Bytes by kind. */
	readonly kinds: Readonly<Record<MemoryKind, number>>;
}

/** Memory that the guests of a host hold, in bytes. */
export interface MemoryReport {
	/** Limit of the sum. `Infinity` for none. */
	readonly limit: number;
	/** The sum. Includes bytes of ended instances that the host still holds, such as those on their way to a file. */
	readonly used: number;
	/** Guests with live instances. */
	readonly guests: readonly GuestMemory[];
}

/** Returns the memory of all instances, summed by guest. */
export function memoryReport(total: TotalMemory, agents: Iterable<Agent>): MemoryReport {
	const guests = new Map<string, { guest: string; instances: number; used: number; kinds: Record<MemoryKind, number> }>();
	for (const agent of agents) {
		for (const account of agent.memory()) {
			const guest = guests.get(agent.guest) ?? { guest: agent.guest, instances: 0, used: 0, kinds: noMemory() };
			guests.set(agent.guest, guest);
			guest.instances += 1;
			guest.used += account.used;
			for (const kind of MEMORY_KINDS) guest.kinds[kind] += account.kinds[kind];
		}
	}
	return { limit: total.limit, used: total.used, guests: [...guests.values()] };
}

function noMemory(): Record<MemoryKind, number> {
	return { linear: 0, instance: 0, sessions: 0, queues: 0, media: 0, calls: 0 };
}
