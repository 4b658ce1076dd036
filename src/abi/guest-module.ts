import type { HostcallLimits } from "../../generated/abi/component/lowering/runtime.ts";
import type { CoreCalls } from "../../generated/hostcall/core/calls.ts";
import type { HostFamilies } from "../../generated/hostcall/families.ts";
import type { BindingContext } from "../../generated/hostcall/runtime.ts";
import type * as types from "../../generated/ir/types.ts";
import type { LinearMemory } from "../memory/memory-kinds.ts";
import type { ComponentData } from "./component/component-data.ts";
import type { DeprecatedImport } from "./component/deprecated-import.ts";
import type { CoreData } from "./core/core-data.ts";
import type { GuestFunctions } from "./core/guest-functions.ts";
import type { CpuShare } from "./metering/cpu-budget.ts";

/** A guest that was loaded, whatever its ABI: ready to be instantiated any number of times. */
export interface GuestModule {
	/** Name for messages, e.g. that of the file. */
	readonly name: string;
	/** Form of the guest. Only a core module has streams and a microphone, and an entry without input and answer. */
	readonly abi: "component" | "core";
	/** Returns a text of the guest with positions in its built code replaced by those in its author's code, where a source map is known. */
	locate(text: string): string;
	/** Bytes of the linear memories and tables of an instance at its start. */
	readonly initialBytes: number;
	/** Deprecated functions and interfaces of the ABI that the guest imports. */
	readonly deprecated: readonly DeprecatedImport[];
	/** The guest as data, which another thread can instantiate. Absent for an engine that runs code made for the guest. */
	readonly data?: ComponentData | CoreData;
	/** Makes an instance in advance unless `count` are ready. Returns true if some are missing still. Absent for an ABI that cannot. */
	reserve?(count: number): boolean;
	/**
	 * Creates an instance with a memory of its own.
	 *
	 * @throws SpearError `invalid_request` when the guest imports something that the host lacks, or fails while starting.
	 */
	instantiate<Scope>(host: InstanceHost<Scope>): Promise<GuestInstance>;
}

/** The hostcalls and services that a host provides to one instance. */
export interface InstanceHost<Scope> {
	readonly families: HostFamilies<Scope>;
	/** Makes the hostcalls of a guest that is a core module. Called once for such an instance, and disposed of with it. */
	readonly core: (scope: Scope, guest: GuestFunctions) => CoreCalls & Disposable;
	/** Passed to the factory of each family, and to `core`. */
	readonly scope: Scope;
	/** Error conversion, faults and open handles. The ABI decides when a guest is paused. */
	readonly context: Omit<BindingContext, "pause">;
	/** Ends the current run and refuses later ones when aborted. */
	readonly signal: AbortSignal;
	/** Bounds for the arguments of each hostcall. */
	readonly hostcallLimits: HostcallLimits;
	/** Account of the linear memory. The engine attaches the memories as soon as they exist, and checks their growth while the guest runs. */
	readonly memory: LinearMemory;
	/** Receives the lines that the guest writes to standard output. `isCut` is true if the end of the line is missing. */
	readonly stdout: (line: string, isCut: boolean) => void;
	/** Receives the lines that the guest, or its language runtime, writes to standard error. */
	readonly stderr: (line: string, isCut: boolean) => void;
	/**
	 * Receives the text that a core module writes to standard output, as it writes it. Returns a promise if the guest has to wait for its reader.
	 * The default drops the text.
	 */
	readonly emitText?: (text: string) => Promise<void> | undefined;
	/** Called while the guest computes, at each check of its meter, with its frames on the stack. Must not throw. The default is none. */
	readonly onCheck?: () => void;
}

/** An instance of a guest. Runs one input after another. */
export interface GuestInstance {
	/**
	 * Runs the guest's entry point.
	 *
	 * @throws SpearError `invalid_request` during another run, and after a trap or `close`; `cancelled` when aborted before the start.
	 */
	run(input: string, limits?: GuestRunLimits): Promise<RunOutcome>;
	/** CPU time of all runs, in milliseconds. 0 for a guest that is not metered. */
	readonly cpuMs: number;
	/** Ends the instance: clears its timers and refuses further runs. */
	close(): void;
}

/** Limits of one run. */
export interface GuestRunLimits {
	/** Longest run, in milliseconds. The default is no limit. */
	readonly timeoutMs?: number;
	/** CPU time of the guest, in milliseconds. The default is no limit. */
	readonly cpuMs?: number;
	/** Longest time that the guest computes before other guests and the host have a turn, in milliseconds. The default is 5. */
	readonly sliceMs?: number;
	/** CPU time that all instances of the guest share. The default is no limit. */
	readonly budget?: CpuShare;
}

/** Ways in which a run ends in any ABI: an answer, an exit with a status other than 0, or a trap. */
export type RunEnd = { readonly ok: string } | { readonly exited: number } | { readonly trap: GuestTrap };

/** Outcome of a run: the guest's answer, the error that it reported, its exit status if that is not 0, or a trap. */
export type RunOutcome = RunEnd | { readonly err: types.RunError };

/** An end of a run that the guest did not choose. The instance is unusable afterwards. */
export interface GuestTrap {
	readonly kind: "trap" | "stack-overflow" | "host-fault" | "aborted" | "deadline" | "cpu-budget";
	/** Description in one line. */
	readonly message: string;
	/** Last lines of the guest's standard error, where language runtimes explain their panics. Empty when there are none. */
	readonly stderr: string;
	readonly cause: unknown;
}
