import type { LineBuffer } from "../../output/line-buffer.ts";
import type { Timers } from "../../timers.ts";
import type { WasiMemory } from "./wasi-memory.ts";

/** World of one instance, as the functions of preview 1 see it: two outputs, an empty input, clocks and random numbers. Nothing else exists. */
export interface World {
	readonly memory: WasiMemory;
	readonly stdout: LineBuffer;
	readonly stderr: LineBuffer;
	/** Passes text of standard output on as it is written. Returns a promise if the guest has to wait for the reader of its run. */
	emit(parts: readonly Uint8Array[]): Promise<void> | undefined;
	readonly timers: Timers;
	/** Standard descriptors that the guest has not closed: 0, 1 and 2. */
	readonly open: Set<number>;
	/** Returns the CPU time of the guest, in milliseconds. */
	cpuMs(): number;
	/** Counts bytes that the running call moves. */
	charge(bytes: number): void;
	/** Ends the guest. Throws what ends the run. */
	exit(status: number): never;
}
