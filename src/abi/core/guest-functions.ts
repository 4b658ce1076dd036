import { isUtf8 } from "node:buffer";
import { type GuestState, type LinearMemory, Trap } from "../../../generated/abi/component/lowering/runtime.ts";
import { EFAULT, EIO, ENOMEM, ENOSPC, EPERM } from "../../../generated/hostcall/core/errno.ts";
import type { GuestWaits } from "./guest-waits.ts";
import { type TableEntry, tableEntry } from "./table-entry.ts";
import { type Arena, divideArena, resizeOutput, type ToolPlaces } from "./tool-arena.ts";

/** ENOSPC as wasi-libc numbers it. Tools of some libraries return this one. */
const LIBC_ENOSPC = -51;

/** Times that a tool is called if its output does not fit. */
const MAX_TRIES = 2;

/** A call of a tool. */
export interface ToolCall {
	/** Index of the function in the guest's table. */
	readonly index: number;
	/** Arguments: JSON in UTF-8. */
	readonly input: Uint8Array;
	readonly arena: Arena;
	/** Most bytes of the output. */
	readonly maxOutputBytes: number;
}

/** Output of a tool, in UTF-8, or the reason why there is none: a negative errno, or the number that the tool returned. */
export type ToolOutcome = { readonly output: Uint8Array } | { readonly code: number };

/** Calls of functions in the guest's table, for tools. */
export interface GuestFunctions {
	/**
	 * Runs a tool while the guest waits for the hostcall that needs it. The tool itself may wait. The caller awaits the tool before it answers the guest.
	 *
	 * Codes of the host:
	 * - `EFAULT`: the arena is not in the memory.
	 * - `ENOSPC`: the arguments or the output do not fit.
	 * - `EPERM`: too many tools run inside one another.
	 * - `EIO`: the tool does not exist, has another type, traps, or writes no UTF-8.
	 *
	 * @throws Trap, GuestExit if the guest has ended. The hostcall passes them on.
	 */
	callTool(call: ToolCall): Promise<ToolOutcome>;
}

export interface ToolOptions {
	readonly guest: GuestState;
	readonly waits: GuestWaits;
	/** Receives the reason for which a tool trapped. The guest lives on. */
	readonly onTrap: (cause: unknown) => void;
	/** Returns the error of a guest that has exited. */
	readonly exit: () => Error | undefined;
}

/** The tools of one guest. */
export class GuestTools implements GuestFunctions {
	readonly #options: ToolOptions;
	#entry: TableEntry | undefined;
	#memory: LinearMemory | undefined;

	constructor(options: ToolOptions) {
		this.#options = options;
	}

	/** Connects the exports of the guest. */
	attach(exports: Readonly<Record<string, unknown>>, memory: LinearMemory | undefined): void {
		this.#entry = tableEntry(exports);
		this.#memory = memory;
	}

	async callTool({ index, input, arena, maxOutputBytes }: ToolCall): Promise<ToolOutcome> {
		const { waits } = this.#options;
		this.#throwIfEnded();
		const entry = this.#entry;
		if (entry === undefined || this.#memory === undefined) return { code: EIO };
		if (index < 0) return { code: EFAULT };
		if (!waits.hasRoom) return { code: EPERM };
		if (input.length > this.#options.guest.limits.maxBytes) return { code: ENOMEM };
		const first = divideArena(arena, input.length, maxOutputBytes);
		if (typeof first === "number") return { code: first };
		if (arena.pointer + arena.length > this.#memory.buffer.byteLength) return { code: EFAULT };
		let places: ToolPlaces = first;
		const bytes = new Uint8Array(this.#memory.buffer, arena.pointer, arena.length);
		bytes.set(input);
		bytes[input.length] = 0;
		for (let tries = 1; ; tries += 1) {
			this.#view().setUint32(places.outputLength, places.capacity, true);
			const code = await this.#call(entry, index, places, input.length);
			const written = this.#view().getUint32(places.outputLength, true);
			if (code === 0) return this.#output(places, written);
			if (code !== ENOSPC && code !== LIBC_ENOSPC) return { code };
			const next = tries < MAX_TRIES ? resizeOutput(arena, places, written, maxOutputBytes) : ENOSPC;
			if (typeof next === "number") return { code: next };
			places = next;
		}
	}

	#view(): DataView {
		return new DataView(this.#memory?.buffer ?? new ArrayBuffer(0));
	}

	#output({ output, capacity }: ToolPlaces, length: number): ToolOutcome {
		if (length > capacity || this.#memory === undefined) return { code: EIO };
		const bytes = new Uint8Array(this.#memory.buffer, output, length).slice();
		return isUtf8(bytes) ? { output: bytes } : { code: EIO };
	}

	/** Returns what the tool returned, or `EIO` for a trap that did not end the guest. */
	async #call(entry: TableEntry, index: number, { input, output, outputLength }: ToolPlaces, inputLength: number): Promise<number> {
		const { guest, waits, onTrap } = this.#options;
		return waits.inTool(async () => {
			guest.clock?.resume();
			try {
				return Number(await entry(index, input, inputLength, output, outputLength));
			} catch (cause) {
				this.#throwIfEnded();
				onTrap(cause);
				return EIO;
			} finally {
				guest.clock?.suspend();
			}
		});
	}

	#throwIfEnded(): void {
		const { guest, exit } = this.#options;
		if (guest.ended !== undefined) throw exit() ?? new Trap(guest.ended);
	}
}
