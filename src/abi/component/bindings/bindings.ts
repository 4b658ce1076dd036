import type { HostcallLimits, InterfaceLifting, InterfaceLowering } from "../../../../generated/abi/component/lowering/runtime.ts";
import type { LinearMemory } from "../../../memory/memory-kinds.ts";
import type { GuestRunLimits } from "../../guest-module.ts";
import type { MeteringMode } from "../../metering/metering-mode.ts";
import type { LineSink } from "../../output/line-buffer.ts";

/** Bindings of one world, made by the generator: how each value crosses the border. */
export interface Bindings {
	/** Interfaces that a component of the world may import, and that the host may implement. */
	readonly imports: readonly InterfaceLowering[];
	/** Interfaces that a component of the world exports. */
	readonly exports: readonly ExportedInterface[];
}

/** An exported interface and its names among the exports of an instance. */
export interface ExportedInterface {
	readonly lifting: InterfaceLifting;
	/** Members that hold the interface, e.g. `buckets` and `my:store/buckets@0.1.0`. None: its functions are members themselves. */
	readonly members: readonly string[];
}

export interface LoadOptions {
	/** Metering of the guest: without it, a guest that computes for ever cannot be stopped. The default is `full`. */
	readonly metering?: MeteringMode;
	/** Limit on the linear memories, tables and globals of an instance together, in bytes. The default is 256 MiB. */
	readonly maxMemoryBytes?: number;
}

export interface InstantiateOptions {
	/** Receives the lines that the guest writes to standard output. `isCut` is true if the end of the line is missing. The default drops them. */
	readonly stdout?: LineSink;
	/** Receives the lines that the guest, or its language runtime, writes to standard error. The default drops them. */
	readonly stderr?: LineSink;
	/** Ends the instance when aborted. */
	readonly signal?: AbortSignal;
	/** Limits of each call of an export. The default is none. */
	readonly callLimits?: GuestRunLimits;
	/** Bounds for the values of each call. The default is that of the engine. */
	readonly valueLimits?: HostcallLimits;
	/** Account of the memories and tables. The default is none. */
	readonly memory?: LinearMemory;
}

/** Exports of an instance. Disposing of them ends the instance: its timers are cleared, and calls are refused. */
export type Instance<Exports> = Exports & Disposable;
