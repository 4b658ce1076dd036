/** Names for the code of each function in a file of bindings. */
import { constantCase } from "../../../model/names/spelling.ts";
import type { Imports } from "../../kit/imports.ts";
import type { CoreTypes } from "../type-text.ts";
import type { JsonCode } from "./json-code.ts";

export interface BindingScope {
	readonly imports: Imports;
	readonly types: CoreTypes;
	readonly json: JsonCode;
	/** The interface of the host, e.g. `calls.userStream`. */
	readonly host: string;
}

/** The import of an errno in a file of bindings. */
export function errnoName({ imports }: BindingScope, name: string): string {
	return imports.value(constantCase(name), "../../hostcall/core/errno.ts");
}
