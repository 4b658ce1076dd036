import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Parts of an installation that are checked. */
export type Area =
	| "node"
	| "configuration"
	| "key"
	| "file"
	| "backend"
	| "engine"
	| "model"
	| "mcp"
	| "server"
	| "agent"
	| "cache"
	| "port";

interface Checked {
	readonly area: Area;
	/** Thing that was checked, such as a backend. */
	readonly name: string;
	/** State of the thing, as a clause. */
	readonly message: string;
}

/** A check that found nothing to mend. */
export interface PassedCheck extends Checked {
	readonly status: "ok";
	/** Step to a feature that is not in use. Absent for none. */
	readonly remedy?: string;
}

/** A check that found a fault. */
export interface FaultyCheck extends Checked {
	/** `warning` for a fault of a thing that only some uses need. */
	readonly status: "warning" | "problem";
	/** Command or step that mends the fault. */
	readonly remedy: string;
}

/** Result of a check. Holds no key. */
export type DoctorCheck = PassedCheck | FaultyCheck;

/**
 * Returns the check of a thing that failed with an error of the host, or could not be carried out.
 *
 * @param remedy Step that mends the fault, if the error names none.
 * @throws The error of an interrupted command.
 */
export function failedCheck(area: Area, name: string, thrown: unknown, remedy: string): FaultyCheck {
	if (thrown instanceof SpearError && thrown.code === "cancelled") throw thrown;
	const message = thrown instanceof SpearError ? thrown.message : `this cannot be checked: ${fileFault(thrown)}`;
	return { area, name, status: "problem", ...withRemedy(message, remedy) };
}

/** Splits a message of the host, which usually ends in what to do. */
export function withRemedy(text: string, otherwise: string): { readonly message: string; readonly remedy: string } {
	const end = text.indexOf("; ");
	return end === -1 ? { message: text, remedy: otherwise } : { message: text.slice(0, end), remedy: text.slice(end + 2) };
}
