import { backendKinds, disabledBackendKinds } from "../../generated/registry.ts";

/** Returns the names of the backend kinds that exist without a package of the operator's, enabled in this build or not. */
export function builtInKinds(): readonly string[] {
	return [...backendKinds.map(({ name }) => name), ...disabledBackendKinds];
}
