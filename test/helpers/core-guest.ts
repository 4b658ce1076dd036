/** Runs core modules in text form, with hostcalls of the test. */

import type { CoreCalls } from "../../generated/hostcall/core/calls.ts";
import { EIO } from "../../generated/hostcall/core/errno.ts";
import type { CoreGuest } from "../../src/abi/core/core-guest.ts";
import type { GuestFunctions } from "../../src/abi/core/guest-functions.ts";
import { type CoreLoadOptions, loadCoreGuest } from "../../src/abi/core/load.ts";
import type { GuestInstance, GuestRunLimits, RunOutcome } from "../../src/abi/guest-module.ts";
import { DEFAULT_HOSTCALL_LIMITS } from "../../src/abi/hostcall-limits.ts";
import { families } from "../../src/hostcall/families.ts";
import { GuestHandles } from "../../src/hostcall/guest-handles.ts";
import { assemble } from "./guest.ts";
import { stubScope } from "./stub-scope.ts";

/** Hostcalls of a test, by interface. Others answer `EIO`. */
export type ScriptedCalls = { readonly [I in keyof CoreCalls]?: Partial<CoreCalls[I]> };

export interface CoreRunOptions extends CoreLoadOptions {
	readonly calls?: ScriptedCalls | ((guest: GuestFunctions, signal: AbortSignal) => ScriptedCalls);
	readonly limits?: GuestRunLimits;
	readonly signal?: AbortSignal;
	/** Called at each look at the growth of the memory. The default allows any. */
	readonly checkGrowth?: () => "ok" | "refused";
}

/** An instance with what it did. */
export interface CoreRun {
	readonly instance: GuestInstance;
	/** Lines of standard output and error, as `out: text` and `err: text`. */
	readonly lines: string[];
	/** Faults of the host, as `interface.function: message`. */
	readonly faults: string[];
	/** Number of times that the hostcalls were disposed of. */
	readonly disposed: () => number;
}

/** Loads a core module: text, or bytes. */
export async function loadCore(module: string | Uint8Array, options: CoreLoadOptions = {}): Promise<CoreGuest> {
	return loadCoreGuest(typeof module === "string" ? await assemble(module) : module, "guest.wasm", options);
}

/** Makes an instance of a core module. */
export async function instantiateCore(module: string | Uint8Array | CoreGuest, options: CoreRunOptions = {}): Promise<CoreRun> {
	const guest = typeof module === "string" || module instanceof Uint8Array ? await loadCore(module, options) : module;
	const lines: string[] = [];
	const faults: string[] = [];
	const signal = options.signal ?? new AbortController().signal;
	let disposed = 0;
	const instance = await guest.instantiate({
		families,
		scope: stubScope(),
		core: (_scope, functions) => ({
			...scripted(typeof options.calls === "function" ? options.calls(functions, signal) : (options.calls ?? {})),
			[Symbol.dispose]() {
				disposed += 1;
			},
		}),
		context: {
			resources: new GuestHandles(100),
			toError: () => {
				throw new Error("no component runs here");
			},
			fault: (cause, site) => void faults.push(`${site.interface}.${site.function}: ${cause instanceof Error ? cause.message : cause}`),
		},
		signal,
		hostcallLimits: DEFAULT_HOSTCALL_LIMITS,
		memory: { attach() {}, checkGrowth: options.checkGrowth ?? (() => "ok") },
		stdout: (line) => void lines.push(`out: ${line}`),
		stderr: (line) => void lines.push(`err: ${line}`),
	});
	return { instance, lines, faults, disposed: () => disposed };
}

/** Runs a core module once. */
export async function runCore(
	module: string | Uint8Array | CoreGuest,
	options: CoreRunOptions = {},
): Promise<CoreRun & { readonly outcome: RunOutcome }> {
	const made = await instantiateCore(module, options);
	const outcome = await made.instance.run("", options.limits);
	made.instance.close();
	return { ...made, outcome };
}

function scripted(calls: ScriptedCalls): CoreCalls {
	const member = (functions: object = {}): never =>
		new Proxy(functions, { get: (target, name) => Reflect.get(target, name) ?? (() => EIO) }) as never;
	return {
		chat: member(calls.chat),
		clock: member(calls.clock),
		log: member(calls.log),
		mic: member(calls.mic),
		poll: member(calls.poll),
		transcription: member(calls.transcription),
		userStream: member(calls.userStream),
	};
}
