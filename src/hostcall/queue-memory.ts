import type { HostMemory } from "../memory/memory-kinds.ts";
import type { QueueMemory } from "../stream/event-queue.ts";

/** Returns the part of an account that queues are charged to. */
export function queueMemory(memory: HostMemory): QueueMemory {
	return {
		count: (bytes) => memory.count("queues", bytes),
		release: (bytes) => memory.release("queues", bytes),
		hasRoom: (bytes) => memory.hasRoom(bytes),
		assertRoom: (bytes) => memory.assertRoom("queues", bytes),
	};
}
