import { Trap } from "../../../generated/abi/component/lowering/runtime.ts";
import { trapPlace } from "../debug/trap-place.ts";
import type { GuestTrap, RunEnd } from "../guest-module.ts";
import { GuestExit } from "../output/exit.ts";
import { webAssembly } from "../web-assembly.ts";

/**
 * Returns the outcome of a run that did not answer.
 *
 * @param ended The reason for which the host ended the guest. Absent: the guest ended by itself.
 */
export function outcomeOf(thrown: unknown, stderr: string, ended?: Pick<GuestTrap, "kind" | "message">): RunEnd {
	if (thrown instanceof GuestExit) return thrown.status === 0 ? { ok: "" } : { exited: thrown.status };
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
