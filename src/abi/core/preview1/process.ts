import { randomFillSync } from "node:crypto";
import { ERRNO } from "./errno.ts";
import { answering, type WasiFunctions } from "./wasi-function.ts";
import type { World } from "./world.ts";

/** Most random bytes of one call. */
const MAX_RANDOM_BYTES = 1_048_576;

/** End of the process, and random numbers. */
export const PROCESS: WasiFunctions = {
	proc_exit: { signature: "i>", call: (world: World, status: number) => world.exit(status >>> 0) },
	proc_raise: answering("i>i", ERRNO.nosys),
	// A guest that computes yields by its meter.
	sched_yield: answering(">i", ERRNO.success),
	random_get: {
		signature: "ii>i",
		call(world: World, pointer: number, length: number): number {
			if (length >>> 0 > MAX_RANDOM_BYTES) return ERRNO.inval;
			randomFillSync(world.memory.bytes(pointer, length));
			world.charge(length);
			return ERRNO.success;
		},
	},
};
