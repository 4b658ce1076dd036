import { OPERATIONS, type Operation } from "../../generated/ir/operations.ts";

/** Returns true if `name` is an operation of the ABI. */
export function isOperation(name: string): name is Operation {
	return Object.hasOwn(OPERATIONS, name);
}

/** Every operation of the ABI, in its order. */
export const OPERATION_NAMES: readonly Operation[] = Object.keys(OPERATIONS).filter(isOperation);
