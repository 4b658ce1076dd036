/** Types that a package of core modules may declare: numbers, packed records, records of JSON. */
import { hasTag } from "../../model/abi.ts";
import { innerRecord, jsonRecord, packedRecord } from "../../model/core/core-types.ts";
import type { RecordDef } from "../../model/model.ts";
import type { Report, Rule } from "../rule.ts";

const JSON_TYPES = "JSON holds text, `bool`, numbers of up to 32 bits, `f64`, lists, records and JSON itself";

export const typesCross: Rule = (model, report) => {
	for (const def of model.main.interfaces.flatMap(({ types }) => types)) {
		if (def.kind === "record") checkRecord(def, report);
		else if (def.kind === "variant" || def.kind === "resource")
			report(
				"core-type",
				def.span,
				`${def.kind} \`${def.owner.name}.${def.name}\` does not cross to core modules`,
				def.kind === "resource" ? "pass a descriptor: a number that the host knows" : "use a record with optional members",
			);
	}
};

function checkRecord(def: RecordDef, report: Report): void {
	const path = `${def.owner.name}.${def.name}`;
	if (!hasTag(def, "packed")) {
		const json = jsonRecord(def);
		if ("fault" in json && !isFaulty(innerRecord(json.fault.type)))
			report("core-type", json.fault.type.span, `member \`${path}.${json.fault.name}\` has a type that JSON cannot hold`, JSON_TYPES);
		return;
	}
	const packed = packedRecord(def);
	if (!("fault" in packed)) return;
	const { fault, field } = packed;
	const member = `member \`${path}.${field.name}\``;
	if (fault === "number") report("core-type", field.span, `${member} of a packed record is no number`, "use numbers, enums and flags only");
	else report("packed-gap", field.span, `${member} leaves a gap in a packed record`, "order the members by size, or add one");
}

/** True for a record that has a fault of its own: those that hold the record have none. */
function isFaulty(def: RecordDef | undefined): boolean {
	return def !== undefined && "fault" in jsonRecord(def);
}
