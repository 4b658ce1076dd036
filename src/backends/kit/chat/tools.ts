import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { assertNoFieldsLeft } from "../assert-no-fields-left.ts";
import type { RequestSchemas } from "../schema/request-schemas.ts";

/** Returns true if a request demands a tool call. */
export function demandsCall(tools: readonly cchat.Tool[], choice: cchat.ToolChoice | undefined): boolean {
	return tools.length > 0 && (choice?.type === "required" || choice?.type === "named");
}

/** The parts of a tool that vendors put together in their own form. */
export interface ToolParts {
	/** The members `name` and `description`. */
	readonly named: { readonly name: string; readonly description?: string };
	/** Schema of the arguments in the vendor's dialect. */
	readonly schema: JsonObject;
	/** The member `strict`, or none. */
	readonly strict: { readonly strict?: boolean };
}

/** Returns the tools of a request in a vendor's form. */
export function vendorTools<T>(tools: readonly cchat.Tool[], schemas: RequestSchemas, form: (parts: ToolParts) => T): T[] {
	return tools.map((tool, index) => {
		const { name, description, parameters: _, strict, ...rest } = tool;
		assertNoFieldsLeft(rest);
		return form({
			named: { name, ...(description === undefined ? {} : { description }) },
			schema: schemas.tool(tool, index),
			strict: strict === undefined ? {} : { strict },
		});
	});
}
