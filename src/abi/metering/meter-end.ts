/** Reason for which a meter ended its guest. */
export interface MeterEnd {
	/**
	 * - `deadline`: the run reached its deadline.
	 * - `cpu`: the run used its CPU budget.
	 * - `unyielding`: the guest computed for too long where it cannot be suspended.
	 * - `aborted`: the signal of the run was aborted, or the host called `end`.
	 */
	readonly kind: "deadline" | "cpu" | "unyielding" | "aborted";
	readonly message: string;
	/** Reason of the abort. Absent otherwise. */
	readonly cause?: unknown;
}
