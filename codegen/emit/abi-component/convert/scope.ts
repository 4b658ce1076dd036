/** Names within one module of conversions. Asking for a name imports it. */
import type { ConvertedDef } from "../../../model/carried/data-types.ts";
import type { ConvertScope } from "../../kit/conversion/expressions.ts";

export interface ConvertModuleScope extends ConvertScope {
	/** The type in IR shape, e.g. `ir.Message`. */
	ir(def: ConvertedDef): string;
	/** The type in WIT shape, e.g. `wit.Message`. */
	wit(def: ConvertedDef): string;
}
