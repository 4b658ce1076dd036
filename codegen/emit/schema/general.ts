/** `schema/` for any package: a JSON Schema for each interface, with all types whose values JSON can hold. */
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import { jsonTypes } from "../../model/carried/json-types.ts";
import { moduleName } from "../../model/names/type-names.ts";
import { generalNotice } from "../kit/header.ts";
import { formatJson } from "../kit/json.ts";
import { interfaceSchema } from "../kit/schema/interface-schema.ts";
import { schemaFileName } from "../kit/schema/json-schema.ts";
import type { Target } from "../target.ts";

export const generalSchema: Target = (model, output) => {
	for (const iface of model.main.interfaces) {
		const { types, others } = jsonTypes(iface, model);
		if (others.length > 0) {
			const names = others.map((name) => `\`${name}\``).join(", ");
			const message = `the JSON Schema of \`${iface.name}\` has no ${names}: ${others.length === 1 ? "it has" : "they have"} no form in JSON`;
			const help = "handles, streams, futures, 64-bit integers and types of other packages have none";
			output.report(diagnostic("warning", "no-json-form", iface.span, message, { help }));
		}
		if (types.length === 0) continue;
		const schema = { ...interfaceSchema({ ...iface, types }, model, "wire"), $comment: generalNotice([iface]) };
		output.write(`schema/${schemaFileName(moduleName(iface.name))}`, formatJson(schema));
	}
};
