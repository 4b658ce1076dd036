import type { HostcallLimits } from "../../../generated/abi/component/lowering/runtime.ts";
import type { LinearMemory } from "../../memory/memory-kinds.ts";
import type { GuestSourceMap } from "../debug/source-map/source-map.ts";
import type { LineSink } from "../output/line-buffer.ts";
import type { ComponentData } from "./component-data.ts";
import type { DeprecatedImport } from "./deprecated-import.ts";
import type { ImportObject } from "./import-object.ts";
import type { ComponentInstance } from "./run-outcome.ts";

/** A component ready to be instantiated: compiled once, its memory capped. */
export interface LoadedComponent {
	/** Name for messages: that of the file, or the beginning of the checksum. */
	readonly name: string;
	/** Positions of the guest's script in its author's code. */
	readonly sourceMap: GuestSourceMap;
	/**
	 * Means by which a guest that computes for ever leaves room to others.
	 *
	 * - `metering`: the guest yields by itself, and ends when told to.
	 * - `hostcalls`: the guest yields only in hostcalls that wait, and ends there when told to.
	 * - `none`: the guest yields only in hostcalls that wait, and cannot be ended: its hostcalls are never answered.
	 */
	readonly yields: "metering" | "hostcalls" | "none";
	/** Bytes of the memories, tables and globals of an instance at its start. */
	readonly initialBytes: number;
	/** Deprecated functions and interfaces that the component imports. */
	readonly deprecated: readonly DeprecatedImport[];
	/** The component as data, which another thread can instantiate. Absent for an engine that runs code made for the component. */
	readonly data?: ComponentData;
	/** Makes an instance in advance unless `count` are ready. Returns true if some are missing still. Absent for an engine that cannot. */
	reserve?(count: number): boolean;
	/**
	 * Creates an instance with a memory of its own.
	 *
	 * @param imports The hostcalls, by name without version (`spear:ai/cchat`). WASI is added; an entry of the same name replaces it.
	 * @throws SpearError `invalid_request` listing the imports that the host lacks, or when the component fails while starting.
	 */
	instantiate(imports: ImportObject, options?: InstantiateOptions): Promise<ComponentInstance>;
}

export interface InstantiateOptions {
	/** Receives the lines that the guest writes to standard output. The default drops them. */
	readonly stdout?: LineSink;
	/** Receives the lines that the guest, or its language runtime, writes to standard error. The default drops them. */
	readonly stderr?: LineSink;
	/** Bounds for the arguments of each hostcall. The default is that of the engine. Not applied by jco. */
	readonly hostcallLimits?: HostcallLimits;
	/** Ends the current run and refuses later ones when aborted. */
	readonly signal?: AbortSignal;
	/** Account of the memories and tables. The default is none. */
	readonly memory?: LinearMemory;
	/** Called while the guest computes, at each check of its meter, with its frames on the stack. Must not throw. The default is none. */
	readonly onCheck?: () => void;
}
