import { totalmem } from "node:os";
import process from "node:process";

/** Part of the machine's memory that guests may hold without a configured limit. The rest is for the host itself and other processes. */
const DEFAULT_SHARE = 0.6;

/**
 * Returns the limit of the memory of all guest instances, in bytes.
 *
 * @param configured 0 for no limit. Absent for a share of the memory of the machine, or of its control group.
 */
export function totalMemoryLimit(
	configured: number | undefined,
	{ machine = totalmem(), constrained = process.constrainedMemory() }: { readonly machine?: number; readonly constrained?: number } = {},
): number {
	if (configured !== undefined) return configured === 0 ? Number.POSITIVE_INFINITY : configured;
	// Without a control group, Node returns 0 or a number far above the memory of the machine.
	const available = constrained > 0 ? Math.min(constrained, machine) : machine;
	return Math.floor(available * DEFAULT_SHARE);
}
