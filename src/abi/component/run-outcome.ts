import type * as wit from "../../../generated/abi/component/wit/types.ts";
import type { GuestTrap } from "../guest-module.ts";
import { isRecord } from "./toolchain.ts";
import { GuestExit } from "./wasi/exit.ts";
import { webAssembly } from "./web-assembly.ts";

/** Outcome of a run, with an error in the component's shape. */
export type ComponentOutcome = { readonly ok: string } | { readonly err: wit.RunError } | { readonly trap: GuestTrap };

/** Returns the outcome that a rejected `run` export stands for. */
export function outcomeOf(thrown: unknown, stderr: string): ComponentOutcome {
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

/** Returns true if the guest reported an error by itself and can run again. */
export function isReusable(thrown: unknown): boolean {
	return runError(thrown) !== undefined || (isRecord(thrown) && runError(thrown.payload) !== undefined);
}

function isWasmTrap(thrown: unknown): boolean {
	return thrown instanceof webAssembly.RuntimeError || (thrown instanceof Error && /^wasm trap|discriminant/.test(thrown.message));
}

/** Returns the value if it has the shape of the ABI's `run-error`. The component's type guarantees the parts of a lifted value. */
function runError(value: unknown): wit.RunError | undefined {
	return isRunError(value) ? value : undefined;
}

function isRunError(value: unknown): value is wit.RunError {
	if (!isRecord(value) || value instanceof Error) return false;
	return (value.tag === "failed" && typeof value.val === "string") || (value.tag === "hostcall" && isRecord(value.val));
}
