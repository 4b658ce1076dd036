/** A family can be called: something takes its payload, and something gives its result or a stream of its events. */
import { hasTag } from "../model/abi.ts";
import { allFunctions } from "../model/build-abi.ts";
import type { TypeDef, TypeRef } from "../model/model.ts";
import type { Rule } from "./rule.ts";

export const familiesAreCallable: Rule = (model, report) => {
	for (const iface of model.main.interfaces) {
		const payload = iface.types.find((def) => hasTag(def, "payload"));
		if (!hasTag(iface, "operation") || payload === undefined) continue;
		const functions = allFunctions(iface);
		if (!functions.some((func) => func.params.some((param) => isOf(param.type, payload)))) {
			report(
				"payload-not-taken",
				payload.span,
				`no function of interface \`${iface.name}\` takes its payload \`${payload.name}\``,
				`add one: \`call: func(request: ${payload.name}) -> result<…, error>;\``,
			);
		}
		if (!functions.some((func) => isAnswer(func.result))) {
			report(
				"result-not-given",
				iface.span,
				`no function of interface \`${iface.name}\` gives its result or one of its streams`,
				"add one that returns `result<…, error>` of the record tagged `@result`, or of a resource tagged `@stream` or `@session`",
			);
		}
	}
};

function isOf(type: TypeRef, def: TypeDef): boolean {
	return type.kind === "named" && type.def === def;
}

function isAnswer(type: TypeRef | undefined): boolean {
	const ok = type?.kind === "result" ? type.ok : type;
	if (ok?.kind === "named") return hasTag(ok.def, "result");
	return ok?.kind === "handle" && (hasTag(ok.def, "stream") || hasTag(ok.def, "session"));
}
