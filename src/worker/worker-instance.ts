import type { GuestInstance, RunOutcome } from "../abi/guest-module.ts";
import type { CpuShare } from "../abi/metering/cpu-budget.ts";
import { GuestHandles } from "../hostcall/guest-handles.ts";
import { instanceServices } from "../hostcall/instance-services.ts";
import type { GuestLimits } from "../hostcall/scope.ts";
import { MemoryAccount } from "../memory/memory-account.ts";
import { TotalMemory } from "../memory/total-memory.ts";
import { systemClock } from "../time/clock.ts";
import type { BlockingCalls } from "./blocking-calls.ts";
import { Calls } from "./calls.ts";
import { type GuestData, guestFromData } from "./guest-data.ts";
import { isLoggedByHost } from "./host-failure.ts";
import { Lines } from "./lines.ts";
import type { FromWorker, RunLimits, WorkerOutcome } from "./protocol.ts";
import { remoteMedia } from "./remote-media.ts";
import { remotePipeline } from "./remote-pipeline.ts";
import { remoteTools } from "./remote-tools.ts";

/** An instance of a guest in this worker, with the state of its hostcalls. */
export class WorkerInstance {
	readonly #lines: Lines;
	readonly #instance: GuestInstance;
	readonly #resources: GuestHandles;
	readonly #memory: MemoryAccount;
	readonly #reader: { isRead: boolean };
	#pausedUntil = 0;

	private constructor(parts: InstanceParts, instance: GuestInstance, memory: MemoryAccount, reader: { isRead: boolean }) {
		this.#reader = reader;
		this.#memory = memory;
		this.#lines = parts.lines;
		this.#resources = parts.resources;
		this.#instance = instance;
	}

	/** @throws SpearError as the guest cannot be loaded or does not start. */
	static async start(guest: GuestData, parts: InstanceParts): Promise<WorkerInstance> {
		const { calls, lines, resources, abort, limits, blocking } = parts;
		const { signal } = abort;
		const { writeLog, faults } = lines;
		const module = await guestFromData(guest);
		const memory = new MemoryAccount({
			limit: guest.maxInstanceBytes,
			// The host watches the sum of all instances, by the memory of their threads.
			total: new TotalMemory(Number.POSITIVE_INFINITY),
			initialBytes: module.initialBytes,
			onEvict: (error) => abort.abort(error),
		});
		const reader = { isRead: false };
		const instance = await module.instantiate(
			instanceServices({
				signal,
				limits,
				pipeline: remotePipeline(calls, blocking),
				memory,
				media: remoteMedia(calls, blocking),
				hostTools: parts.hasTools ? remoteTools(calls, blocking) : undefined,
				clock: systemClock,
				resources,
				writeLog,
				emit: (output) => calls.ask<void>({ name: "emit", output }),
				isRead: () => reader.isRead,
				writeOutput: (stream, line, isCut) => lines.output(stream, line, isCut),
				faults,
				isLogged: isLoggedByHost,
			}),
		);
		return new WorkerInstance(parts, instance, memory, reader);
	}

	/** Runs the guest. @throws SpearError as {@link GuestInstance.run}. */
	async run(input: string, limits: RunLimits, isRead: boolean): Promise<WorkerOutcome> {
		this.#reader.isRead = isRead;
		try {
			return crossing(await this.#instance.run(input, { ...limits, budget: this.#budget }));
		} finally {
			this.#memory.taken();
		}
	}

	/** Has the guest compute no more for some milliseconds. The host counts the time: instances in other threads share it. */
	pause(ms: number): void {
		this.#pausedUntil = Math.max(this.#pausedUntil, systemClock.now() + ms);
	}

	get #budget(): CpuShare {
		return { spend: () => {}, waitMs: (now) => Math.max(0, this.#pausedUntil - now) };
	}

	/** CPU time of all runs, in milliseconds. */
	get cpuMs(): number {
		return this.#instance.cpuMs;
	}

	/** Releases every handle and ends the instance. */
	close(): void {
		for (const cause of this.#resources.disposeAll()) this.#lines.faults.error({ err: cause }, "a handle could not be disposed");
		this.#instance.close();
		this.#memory.close();
	}
}

export interface InstanceParts {
	readonly calls: Calls;
	readonly lines: Lines;
	readonly blocking: BlockingCalls;
	readonly resources: GuestHandles;
	readonly abort: AbortController;
	readonly limits: GuestLimits;
	/** True if the host has tools. */
	readonly hasTools: boolean;
}

/** Makes the parts of an instance. `post` sends a message to the host. */
export function instanceParts(
	post: (message: FromWorker) => void,
	blocking: BlockingCalls,
	limits: GuestLimits,
	hasTools: boolean,
): InstanceParts {
	const abort = new AbortController();
	return {
		calls: new Calls(post),
		lines: new Lines(post, abort.signal),
		blocking,
		resources: new GuestHandles(limits.maxHandles),
		abort,
		limits,
		hasTools,
	};
}

function crossing(outcome: RunOutcome): WorkerOutcome {
	if (!("trap" in outcome)) return outcome;
	const { kind, message, stderr } = outcome.trap;
	return { trap: { kind, message, stderr } };
}
