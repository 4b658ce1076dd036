import { StringDecoder } from "node:string_decoder";
import { type CoreFunction, type GuestState, type LinearMemory, Trap } from "../../../../generated/abi/component/lowering/runtime.ts";
import { GuestExit } from "../../output/exit.ts";
import { LineBuffer, type LineSink } from "../../output/line-buffer.ts";
import { Timers } from "../../timers.ts";
import type { OfferedImport } from "../offered-imports.ts";
import { CLOCKS } from "./clocks.ts";
import { DESCRIPTORS } from "./descriptors.ts";
import { ENVIRONMENT } from "./environment.ts";
import { ERRNO } from "./errno.ts";
import { POLL } from "./poll.ts";
import { PROCESS } from "./process.ts";
import type { WasiFunctions } from "./wasi-function.ts";
import { AddressFault, WasiMemory } from "./wasi-memory.ts";
import type { World } from "./world.ts";

/** Module that the functions are imported from. */
export const PREVIEW1_MODULE = "wasi_snapshot_preview1";

const FUNCTIONS: WasiFunctions = { ...ENVIRONMENT, ...CLOCKS, ...DESCRIPTORS, ...PROCESS, ...POLL };

/** All functions of WASI preview 1, with their types. */
export const PREVIEW1_IMPORTS: readonly OfferedImport[] = Object.entries(FUNCTIONS).map(([name, { signature }]) => ({
	module: PREVIEW1_MODULE,
	name,
	signature,
}));

export interface Preview1Options {
	readonly guest: GuestState;
	readonly stdout: LineSink;
	readonly stderr: LineSink;
	/** Receives the text of standard output as it is written. Returns a promise if the guest has to wait. The default drops the text. */
	readonly text?: (text: string) => Promise<void> | undefined;
	/** Returns the CPU time of the guest, in milliseconds. */
	readonly cpuMs: () => number;
	/** Receives an exception of the host's own code. The guest gets the errno `io`. */
	readonly onFault: (cause: unknown, site: string) => void;
	/** Receives the exit of the guest. */
	readonly onExit: (exit: GuestExit) => void;
}

/** WASI preview 1 for one instance, in a world that is empty but for output, clocks and random numbers. */
export class Preview1 {
	readonly #options: Preview1Options;
	readonly #world: World;
	/** Bytes that the last call moved. */
	#bytes = 0;
	/** Keeps the beginning of a character whose rest the guest has not written yet. */
	#decoder = new StringDecoder();

	constructor(options: Preview1Options) {
		const { guest, onExit } = options;
		this.#options = options;
		this.#world = {
			memory: new WasiMemory(),
			stdout: new LineBuffer(options.stdout),
			stderr: new LineBuffer(options.stderr),
			emit: (parts) => this.#emit(parts),
			timers: new Timers("end"),
			open: new Set([0, 1, 2]),
			cpuMs: options.cpuMs,
			charge: (bytes) => {
				this.#bytes += bytes;
			},
			exit(status) {
				const exit = new GuestExit(status);
				onExit(exit);
				// A guest may catch the exception that leaves the call.
				guest.end("the guest has exited");
				throw exit;
			},
		};
	}

	/** Connects the memory that the guest exports. */
	attach(memory: LinearMemory | undefined): void {
		this.#world.memory.attach(memory);
	}

	/**
	 * Returns a function for the guest to import.
	 *
	 * @param suspending Makes the import that the guest waits for.
	 */
	bind(name: string, suspending: (site: string, target: CoreFunction) => CoreFunction): CoreFunction {
		const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
		if (found === undefined) throw new TypeError(`${PREVIEW1_MODULE} has no function ${name}`);
		const site = `${PREVIEW1_MODULE}.${name}`;
		const call = (parameters: never[]): unknown => found.call(this.#world, ...parameters);
		if (found.waits !== true) return (...parameters: never[]) => this.#answer(site, () => call(parameters));
		return suspending(site, (...parameters: never[]) => this.#wait(site, () => call(parameters)));
	}

	/** Passes on the unfinished last lines. Half a character at the end is dropped. */
	flush(): void {
		this.#decoder = new StringDecoder();
		this.#world.stdout.end();
		this.#world.stderr.end();
	}

	/** Passes on the unfinished last lines, and clears the timers. */
	close(): void {
		this.flush();
		this.#world.timers.close();
	}

	#answer(site: string, call: () => unknown): unknown {
		this.#enter(site);
		try {
			return call();
		} catch (cause) {
			return this.#errnoOf(cause, site);
		}
	}

	#wait(site: string, call: () => unknown): unknown {
		const answer = this.#answer(site, call);
		return answer instanceof Promise ? this.#settled(site, answer) : answer;
	}

	async #settled(site: string, answer: Promise<unknown>): Promise<unknown> {
		const { guest } = this.#options;
		guest.clock?.suspend();
		try {
			return await answer;
		} catch (cause) {
			return this.#errnoOf(cause, site);
		} finally {
			if (guest.ended === undefined) guest.clock?.resume();
		}
	}

	#emit(parts: readonly Uint8Array[]): Promise<void> | undefined {
		const { text } = this.#options;
		if (text === undefined) return undefined;
		let written = "";
		for (const part of parts) written += this.#decoder.write(part);
		return written === "" ? undefined : text(written);
	}

	#enter(site: string): void {
		const { guest } = this.#options;
		if (guest.ended !== undefined) throw new Trap(guest.ended);
		guest.site = site;
		guest.clock?.hostcall(this.#bytes);
		this.#bytes = 0;
	}

	#errnoOf(cause: unknown, site: string): number {
		if (cause instanceof AddressFault) return ERRNO.fault;
		if (cause instanceof GuestExit || cause instanceof Trap) throw cause;
		this.#options.onFault(cause, site);
		return ERRNO.io;
	}
}
