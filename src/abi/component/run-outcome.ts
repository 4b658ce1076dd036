import type * as wit from "../../../generated/abi/component/wit/types.ts";
import type { InstanceOutcome, InstanceRuns } from "../run/instance-runs.ts";
import { isRecord } from "./toolchain.ts";

/** Outcome of a run, with an error in the component's shape. */
export type ComponentOutcome = InstanceOutcome<wit.RunError>;

/** The runs of one instance of a component. */
export type ComponentInstance = InstanceRuns<wit.RunError>;

/** Answer of the `run` export: the output, or the error that the guest reported. */
export type GuestAnswer = { readonly ok: string } | { readonly err: wit.RunError };

/** Returns the value if it has the shape of the ABI's `run-error`. The component's type guarantees the parts of a lifted value. */
export function runErrorOf(value: unknown): wit.RunError | undefined {
	return isRunError(value) ? value : undefined;
}

function isRunError(value: unknown): value is wit.RunError {
	if (!isRecord(value) || value instanceof Error) return false;
	return (value.tag === "failed" && typeof value.val === "string") || (value.tag === "hostcall" && isRecord(value.val));
}
