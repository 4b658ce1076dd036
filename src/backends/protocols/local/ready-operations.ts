import type { Operation } from "../../../../generated/ir/operations.ts";
import { OPERATION_NAMES } from "../../../operations/is-operation.ts";
import type { LocalOperations } from "./operation.ts";

/** Operations that need no model. Without any other, this kind is not preferred to the stub. */
const WITHOUT_MODEL: ReadonlySet<Operation> = new Set<Operation>(["image_generation"]);

/** Returns the operations whose packages and models are on this machine. Empty if no model is. Starts no engine. */
export async function readyOperations(parts: LocalOperations): Promise<readonly Operation[]> {
	const ready = await Promise.all(
		OPERATION_NAMES.map(async (operation) => {
			const check = parts[operation]?.check();
			return check?.then(
				() => operation,
				() => undefined,
			);
		}),
	);
	const operations = ready.filter((operation) => operation !== undefined);
	return operations.every((operation) => WITHOUT_MODEL.has(operation)) ? [] : operations;
}
