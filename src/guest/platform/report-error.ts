import { log } from "spear:ai/log@0.1.0";
import { describe } from "../errors.ts";
import { wellFormed } from "../text.ts";

/** Logs an exception that has no caller: of a timer, of a listener, or of a promise that nothing handles. The run goes on. */
export function reportError(thrown: unknown, what = "uncaught exception"): void {
	const stack = thrown instanceof Error && typeof thrown.stack === "string" ? wellFormed(thrown.stack.trimEnd()) : "";
	log("error", `${what}: ${describe(thrown)}`, stack === "" ? [] : [{ key: "stack", value: stack }]);
}
