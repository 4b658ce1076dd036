/** A guest that is a core module, without the module: its memory, and the functions that it imports. */
import * as assert from "uvu/assert";
import { GuestState } from "../../../generated/abi/component/lowering/runtime.ts";
import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { CoreContext, type CoreImport } from "../../../generated/abi/core/runtime.ts";
import type { CoreCalls } from "../../../generated/hostcall/core/calls.ts";

/** A function of the host by interface and member, e.g. `mic.read`. */
export type Answer = (func: string, args: readonly unknown[]) => unknown;

export interface CoreGuestOptions {
	readonly answer?: Answer;
	/** Bytes of the memory. The default is 256. */
	readonly size?: number;
	readonly maxBytes?: number;
	readonly maxItems?: number;
	readonly hasMemory?: boolean;
	readonly imports?: readonly CoreImport[];
}

export class CoreGuest {
	readonly state: GuestState;
	readonly context: CoreContext;
	/** Calls of the host: the function, and its arguments. */
	readonly calls: unknown[][] = [];
	/** Messages of the errors that the host's functions threw. */
	readonly faults: string[] = [];
	/** What the guest's clock was told. */
	readonly clock: string[] = [];
	readonly memory: { buffer: ArrayBuffer };
	readonly #functions: ReadonlyMap<string, (...args: unknown[]) => unknown>;

	constructor({
		answer = () => 0,
		size = 256,
		maxBytes = 1000,
		maxItems = 1000,
		hasMemory = true,
		imports = CORE_IMPORTS,
	}: CoreGuestOptions = {}) {
		this.state = new GuestState(
			{ maxBytes, maxItems, maxHandles: 10 },
			{
				hostcall: (bytes) => void this.clock.push(`hostcall ${bytes}`),
				suspend: () => void this.clock.push("suspend"),
				resume: () => void this.clock.push("resume"),
				end: (reason, fault) => void this.clock.push(`end by ${fault}: ${reason}`),
			},
		);
		this.context = new CoreContext(this.state);
		this.context.onFault = (cause, site) => void this.faults.push(`${site}: ${String(cause)}`);
		const calls = callsOf((func, args) => {
			this.calls.push([func, ...args]);
			return answer(func, args);
		});
		this.#functions = new Map(
			imports.map((each) => {
				const bound = each.bind(this.context, calls);
				return [each.name, (...args) => Reflect.apply(bound, undefined, args)];
			}),
		);
		this.memory = { buffer: new ArrayBuffer(size) };
		this.context.attach(hasMemory ? this.memory : undefined);
	}

	call(name: string, ...args: unknown[]): unknown {
		const found = this.#functions.get(name);
		if (found === undefined) throw new Error(`there is no import ${name}`);
		return found(...args);
	}

	/** Grows the memory as WebAssembly does: the former buffer is detached. */
	grow(size: number): void {
		this.memory.buffer = this.memory.buffer.transfer(size);
	}

	bytes(at = 0, length = this.memory.buffer.byteLength - at): number[] {
		return [...new Uint8Array(this.memory.buffer, at, length)];
	}

	text(at: number, length: number): string {
		return Buffer.from(this.memory.buffer, at, length).toString("utf8");
	}

	write(at: number, value: string | readonly number[]): void {
		new Uint8Array(this.memory.buffer).set(typeof value === "string" ? Buffer.from(value) : value, at);
	}

	setU32(at: number, value: number): void {
		new DataView(this.memory.buffer).setUint32(at, value, true);
	}

	u32(at: number): number {
		return new DataView(this.memory.buffer).getUint32(at, true);
	}

	/** Runs a command whose argument is a text in JSON. */
	control(name: string, command: number, text: string): unknown {
		this.write(16, text);
		this.setU32(8, Buffer.byteLength(text));
		return this.call(name, 1000, command, 16, 8);
	}

	/** Runs a command that answers in JSON. Returns the text. */
	query(name: string, command: number, capacity = 200): string {
		this.setU32(8, capacity);
		const length = this.call(name, 1000, command, 16, 8);
		assert.is(length, this.u32(8));
		return this.text(16, Number(length));
	}
}

function callsOf(answer: Answer): CoreCalls {
	const members = (iface: string): object =>
		new Proxy(
			{},
			{
				get:
					(_, member) =>
					(...args: unknown[]) =>
						answer(`${iface}.${String(member)}`, args),
			},
		);
	return new Proxy({}, { get: (_, iface) => members(String(iface)) }) as CoreCalls;
}

/** The front of a queue that counts removals. */
export class TestFront<T> {
	readonly item: T;
	removed = 0;

	constructor(item: T) {
		this.item = item;
	}

	remove(): void {
		this.removed += 1;
	}
}
