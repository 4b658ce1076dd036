import type { CallSite } from "../../generated/hostcall/runtime.ts";
import type { MemoryAccount } from "../memory/memory-account.ts";
import type { Logger } from "../telemetry/logger.ts";
import { chargedPipeline } from "./charged-pipeline.ts";
import { createCoreCalls } from "./core/core-calls.ts";
import type { CoreScope } from "./core/core-scope.ts";
import { families } from "./families.ts";
import { logFault } from "./fault-log.ts";
import type { GuestHandles } from "./guest-handles.ts";
import { hostcallLimits } from "./hostcall-limits.ts";
import { createLogBudget } from "./log-budget.ts";
import { toGuestError } from "./to-guest-error.ts";

/** Parts of an instance that its place provides: the host's thread, or a worker. */
export interface InstanceServicesOptions extends Omit<CoreScope, "logBudget"> {
	/** Account of the instance. Calls of the pipeline are charged to it. */
	readonly memory: MemoryAccount;
	/** Open handles of the instance. The owner disposes of them. */
	readonly resources: GuestHandles;
	/** Receives a line of the guest's standard output or error. The budget of the guest's lines applies before. */
	readonly writeOutput: (stream: "stdout" | "stderr", line: string, isCut: boolean) => void;
	/** Returns true if the run in progress has a reader, who receives the standard output of a core module as text. */
	readonly isRead: () => boolean;
	/** Receives the faults that cannot be returned to the guest. */
	readonly faults: Logger;
	/** Returns true for a failure that another place has logged. The default is never. */
	readonly isLogged?: (cause: unknown) => boolean;
}

/** Logger for failures that are logged already. */
const SILENT: Logger = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Returns the hostcalls of one instance with their services, as the guest's module takes them: the same in each place of instances. */
export function instanceServices({ resources, writeOutput, isRead, faults, isLogged = () => false, ...parts }: InstanceServicesOptions) {
	const { signal, limits, memory } = parts;
	const logBudget = createLogBudget(parts);
	const output =
		(stream: "stdout" | "stderr", isEmitted = (): boolean => false) =>
		(line: string, isCut: boolean): void => {
			const bytes = Buffer.byteLength(line);
			if (isEmitted() ? logBudget.admitQuietly(bytes) : logBudget.admit(bytes)) writeOutput(stream, line, isCut);
		};
	// Set by the first text of a core module. Components have no text there.
	let emitsText = false;
	const scope: CoreScope = { ...parts, pipeline: chargedPipeline(parts.pipeline, memory), logBudget };
	return {
		families,
		core: createCoreCalls,
		scope,
		context: {
			resources,
			toError: (cause: unknown, site: CallSite) => toGuestError(cause, site, isLogged(cause) ? SILENT : faults).toRecord(),
			fault: (cause: unknown, site: CallSite) => logFault(cause, site, faults),
		},
		signal,
		memory,
		hostcallLimits: hostcallLimits(limits),
		stdout: output("stdout", () => emitsText && isRead()),
		stderr: output("stderr"),
		emitText(text: string) {
			emitsText = true;
			return parts.emit({ type: "text", text });
		},
	};
}
