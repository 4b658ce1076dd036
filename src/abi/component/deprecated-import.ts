import type { Deprecation } from "../../../generated/abi/component/lowering/runtime.ts";

/** A deprecated function or interface that a component imports. */
export interface DeprecatedImport extends Deprecation {
	/** Interface without version, e.g. `spear:ai/cchat`, or a function of it: `spear:ai/cchat#complete`. */
	readonly name: string;
}
