/** The warning about types that JSON cannot hold. */
import { type Diagnostic, diagnostic } from "../../diagnostics/diagnostic.ts";
import type { DataModules } from "../../model/carried/data-modules.ts";

/** Names the types of the package that are missing in what is generated for JSON: one finding a module. */
export function noJsonForm({ own }: DataModules): Diagnostic[] {
	return own.flatMap(({ name, span, others }) => {
		if (others.length === 0) return [];
		const names = others.map((each) => `\`${each}\``).join(", ");
		const message = `the JSON form of \`${name}\` has no ${names}: ${others.length === 1 ? "it has" : "they have"} no form in JSON`;
		return [
			diagnostic("warning", "no-json-form", span, message, {
				help: "handles, streams, futures, error contexts and maps whose keys are no text have none",
			}),
		];
	});
}
