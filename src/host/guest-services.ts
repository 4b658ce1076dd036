import type { GuestInstance, GuestModule } from "../abi/guest-module.ts";
import type { Isolation } from "../config/settings.ts";
import type { MicrophoneSound } from "../hostcall/core/mic/microphone.ts";
import type { StreamPeer } from "../hostcall/core/user-stream/stream-peer.ts";
import type { HostTools } from "../hostcall/host-tools.ts";
import type { GuestLimits, GuestMediaCalls, GuestScope, Pipeline } from "../hostcall/scope.ts";
import type { MemoryAccount } from "../memory/memory-account.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";

/** Services of the host for one instance of a guest. The same for an instance in this thread and for one in a worker. */
export interface GuestServices {
	/** Aborted when the instance ends, for any reason. */
	readonly signal: AbortSignal;
	readonly limits: GuestLimits;
	readonly pipeline: Pipeline;
	readonly media: GuestMediaCalls;
	/** Tools that the host runs for the guest. Absent for a host without such tools. */
	readonly hostTools?: HostTools | undefined;
	/** Account of the instance. */
	readonly memory: MemoryAccount;
	/** The user's side of the guest's streams. */
	readonly streams: StreamPeer | undefined;
	/** Sound of the guest's microphone. */
	readonly microphone: MicrophoneSound | undefined;
	/** Called at each check of the guest's meter, if the guest runs in this thread. Absent for none. */
	readonly onCheck: (() => void) | undefined;
	readonly clock: Clock;
	/** Redacts a log line of the guest, cuts it to size, and writes it. Applies no budget. */
	readonly writeLog: GuestScope["writeLog"];
	/** Redacts a line of the guest's standard output or error, and emits it. Applies no budget. */
	readonly writeOutput: (stream: "stdout" | "stderr", line: string, isCut: boolean) => void;
	/** Passes output to the reader of the run in progress. */
	readonly emit: GuestScope["emit"];
	/** Returns true if the run in progress has a reader of its output. */
	readonly isRead: () => boolean;
	/** Receives the faults that cannot be returned to the guest. Writes a bounded number of lines. */
	readonly faults: Logger;
}

/** A loaded guest, and the place where its instances run: this thread, or workers. */
export interface PlacedGuest extends Pick<GuestModule, "abi" | "locate" | "initialBytes"> {
	/** Place of the instances. */
	readonly isolation: Isolation;
	/** Starts an instance. Rejects as {@link GuestModule.instantiate}. */
	start(services: GuestServices): Promise<GuestInstance>;
}
