import type * as wit from "../../../generated/host/wit/types.ts";
import { isRecord } from "./toolchain.ts";
import { GuestExit } from "./wasi/exit.ts";
import { webAssembly } from "./web-assembly.ts";

/** How a guest's run came to an end it did not choose. The instance is of no use afterwards. */
export interface GuestTrap {
	readonly kind: "trap" | "stack-overflow" | "host-fault" | "aborted";
	/** What happened, in a line. */
	readonly message: string;
	/** The last of what the guest wrote to standard error, where language runtimes explain their panics. Empty when nothing. */
	readonly stderr: string;
	readonly cause: unknown;
}

/** What a run of a guest gave: its answer, the error it reported, or a trap. */
export type RunOutcome = { readonly ok: string } | { readonly err: wit.RunError } | { readonly trap: GuestTrap };

/** Tells apart what a rejected `run` export means. */
export function outcomeOf(thrown: unknown, stderr: string): RunOutcome {
	const reported = runError(thrown) ?? (isRecord(thrown) ? runError(thrown.payload) : undefined);
	if (reported !== undefined) return { err: reported };
	if (thrown instanceof GuestExit) {
		if (thrown.status === 0) return { ok: "" };
		return { err: { tag: "failed", val: thrown.message } };
	}
	const text = thrown instanceof Error ? thrown.message : String(thrown);
	if (thrown instanceof RangeError && /call stack/i.test(text)) {
		return { trap: { kind: "stack-overflow", message: "the guest's calls are nested too deeply", stderr, cause: thrown } };
	}
	if (thrown instanceof RangeError && /^Invalid typed array length|bounds of the DataView/.test(text))
		return { trap: { kind: "trap", message: "the guest trapped: it gave an address outside its memory", stderr, cause: thrown } };
	if (isWasmTrap(thrown))
		return { trap: { kind: "trap", message: `the guest trapped: ${text.replace(/^wasm trap: /, "")}`, stderr, cause: thrown } };
	return { trap: { kind: "host-fault", message: `a host function failed and took the guest with it: ${text}`, stderr, cause: thrown } };
}

/** Whether the guest ended by its own report and can be run again. */
export function isReusable(thrown: unknown): boolean {
	return runError(thrown) !== undefined || (isRecord(thrown) && runError(thrown.payload) !== undefined);
}

function isWasmTrap(thrown: unknown): boolean {
	return thrown instanceof webAssembly.RuntimeError || (thrown instanceof Error && /^wasm trap|discriminant/.test(thrown.message));
}

/** The value when it has the shape of the ABI's `run-error`. It was lifted from the guest, so its inside is typed by the component. */
function runError(value: unknown): wit.RunError | undefined {
	return isRunError(value) ? value : undefined;
}

function isRunError(value: unknown): value is wit.RunError {
	if (!isRecord(value) || value instanceof Error) return false;
	return (value.tag === "failed" && typeof value.val === "string") || (value.tag === "hostcall" && isRecord(value.val));
}
