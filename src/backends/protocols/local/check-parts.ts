import { SpearError } from "../../../errors/spear-error.ts";
import type { LocalOperations } from "./operation.ts";

/**
 * Checks every operation of an instance.
 *
 * @throws SpearError that says what is missing and what to do, one clause an operation.
 */
export async function checkParts(parts: LocalOperations): Promise<void> {
	const faults: string[] = [];
	for (const [operation, part] of Object.entries(parts)) {
		try {
			await part?.check();
		} catch (thrown) {
			faults.push(`${operation}: ${SpearError.from(thrown).message}`);
		}
	}
	if (faults.length > 0) throw new SpearError("internal", faults.join("; "));
}
