import { ERRNO } from "./errno.ts";
import type { WasiFunctions } from "./wasi-function.ts";
import type { World } from "./world.ts";

/** Answers that there are no arguments, or no variables. */
function noSizes({ memory }: World, count: number, size: number): number {
	memory.setU32(count, 0);
	memory.setU32(size, 0);
	return ERRNO.success;
}

/** Arguments and environment, which are empty. */
export const ENVIRONMENT: WasiFunctions = {
	args_get: { signature: "ii>i", call: () => ERRNO.success },
	args_sizes_get: { signature: "ii>i", call: noSizes },
	environ_get: { signature: "ii>i", call: () => ERRNO.success },
	environ_sizes_get: { signature: "ii>i", call: noSizes },
};
