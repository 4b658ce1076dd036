import { Trap } from "../../../generated/abi/component/lowering/runtime.ts";
import type * as wit from "../../../generated/abi/component/wit/types.ts";
import { trapPlace } from "../debug/trap-place.ts";
import type { GuestTrap } from "../guest-module.ts";
import { GuestExit } from "../output/exit.ts";
import { webAssembly } from "../web-assembly.ts";
import { isRecord } from "./toolchain.ts";

/** Outcome of a run, with an error in the component's shape. */
export type ComponentOutcome = { readonly ok: string } | { readonly err: wit.RunError } | { readonly trap: GuestTrap };

/** Answer of the `run` export: the output, or the error that the guest reported. */
export type GuestAnswer = { readonly ok: string } | { readonly err: wit.RunError };

/**
 * Returns the outcome of a run that did not answer.
 *
 * @param ended The reason for which the host ended the guest. Absent: the guest ended by itself.
 */
export function outcomeOf(thrown: unknown, stderr: string, ended?: Pick<GuestTrap, "kind" | "message">): ComponentOutcome {
	if (thrown instanceof GuestExit) {
		if (thrown.status === 0) return { ok: "" };
		return { err: { tag: "failed", val: thrown.message } };
	}
	if (ended !== undefined) return { trap: { ...ended, stderr, cause: thrown } };
	if (thrown instanceof webAssembly.Exception)
		return { trap: { kind: "trap", message: "the guest trapped: an exception of the guest left run", stderr, cause: thrown } };
	const text = thrown instanceof Error ? thrown.message : String(thrown);
	if (thrown instanceof RangeError && /call stack/i.test(text)) {
		return {
			trap: { kind: "stack-overflow", message: `the guest's calls are nested too deeply${trapPlace(thrown)}`, stderr, cause: thrown },
		};
	}
	if (thrown instanceof RangeError && /^Invalid typed array length|bounds of the DataView/.test(text))
		return {
			trap: {
				kind: "trap",
				message: `the guest trapped: it gave an address outside its memory${trapPlace(thrown)}`,
				stderr,
				cause: thrown,
			},
		};
	if (isWasmTrap(thrown))
		return {
			trap: { kind: "trap", message: `the guest trapped: ${text.replace(/^wasm trap: /, "")}${trapPlace(thrown)}`, stderr, cause: thrown },
		};
	return { trap: { kind: "host-fault", message: `a host function failed and took the guest with it: ${text}`, stderr, cause: thrown } };
}

function isWasmTrap(thrown: unknown): boolean {
	return (
		thrown instanceof Trap ||
		thrown instanceof webAssembly.RuntimeError ||
		(thrown instanceof Error && /^wasm trap|discriminant/.test(thrown.message))
	);
}

/** Returns the value if it has the shape of the ABI's `run-error`. The component's type guarantees the parts of a lifted value. */
export function runErrorOf(value: unknown): wit.RunError | undefined {
	return isRunError(value) ? value : undefined;
}

function isRunError(value: unknown): value is wit.RunError {
	if (!isRecord(value) || value instanceof Error) return false;
	return (value.tag === "failed" && typeof value.val === "string") || (value.tag === "hostcall" && isRecord(value.val));
}
