import type { Operation } from "../../../../generated/ir/operations.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { OPERATION_NAMES } from "../../../operations/is-operation.ts";
import type { LocalOperations } from "./operation.ts";

/**
 * Checks the operations of an instance.
 *
 * @param isServed Tells if the host asks the instance for an operation. Others are not checked.
 * @throws SpearError that says what is missing and what to do, one clause an operation.
 */
export async function checkParts(parts: LocalOperations, isServed: (operation: Operation) => boolean): Promise<void> {
	const faults: string[] = [];
	for (const operation of OPERATION_NAMES.filter(isServed)) {
		try {
			await parts[operation]?.check();
		} catch (thrown) {
			faults.push(`${operation}: ${SpearError.from(thrown).message}`);
		}
	}
	if (faults.length > 0) throw new SpearError("internal", faults.join("; "));
}
