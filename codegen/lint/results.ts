/**
 * A hostcall that can fail must be able to say so: a rejected asynchronous import without a result type hangs its guest
 * for ever, a thrown error poisons it. So a function returns `result<…, error>`, unless it cannot fail by its nature:
 *  - everything in the interface that declares the resource tagged `@readiness`: it answers "ready" when all else fails, as long as what
 *    waits has such an answer;
 *  - a method that gives only a handle of that resource;
 *  - a function outside the families that neither waits nor answers, such as a log line.
 */
import { hasTag, isBlocking, isReadiness } from "../model/abi.ts";
import type { Func, Interface, TypeRef } from "../model/model.ts";
import type { Rule } from "./rule.ts";
import { interfaceFunctions } from "./subjects.ts";

export const fallibleReturnsResult: Rule = (model, report) => {
	for (const { item: func, iface, label, span } of interfaceFunctions(model)) {
		if (func.async) {
			report(
				"async-function",
				span,
				`${label} is an \`async func\`, which guest engines do not support yet`,
				"make it a plain `func` tagged `@blocking`",
			);
		}
		if (func.result?.kind === "result") {
			if (!isAbiError(func.result.err))
				report(
					"wrong-error-type",
					func.result.span,
					`${label} does not fail with \`types.error\``,
					"every fallible function returns `result<…, error>`, so that guests handle all failures alike",
				);
		} else if (isBlocking(func) && declaresReadiness(iface) && !hasNeutralValue(func.result)) {
			report(
				"missing-result",
				span,
				`${label} waits and gives a value that nothing can stand in for when the host fails`,
				"return `result<…, error>`, or nothing, a `bool`, an `option` or a list: of these the binding can give a neutral one",
			);
		} else if (!isInfallible(func, iface)) {
			const why = isBlocking(func)
				? "waits for the host, so it can fail"
				: func.kind === "constructor"
					? "cannot refuse"
					: "has no way to say that it failed";
			const help = func.kind === "constructor" ? "use a `static` function that returns `result<…, error>`" : "return `result<…, error>`";
			report("missing-result", span, `${label} returns no \`result\`, but ${why}`, help);
		}
	}
};

/**
 * True if a value of the type can stand in for a result: the binding returns it if the host's function fails and has no way to say so.
 *
 * @see ../emit/abi-component/fallback.ts
 */
function hasNeutralValue(type: TypeRef | undefined): boolean {
	if (type === undefined || type.kind === "option" || type.kind === "list") return true;
	return type.kind === "primitive" && type.name === "bool";
}

function isInfallible(func: Func, iface: Interface): boolean {
	if (declaresReadiness(iface)) return true;
	if (isBlocking(func) || func.kind === "constructor") return false;
	if (func.kind === "method" && isReadinessHandle(func.result)) return true;
	return func.result === undefined && func.kind === "freestanding" && !hasTag(iface, "operation");
}

export function isAbiError(type: TypeRef | undefined): boolean {
	return type?.kind === "named" && type.def.name === "error" && type.def.owner.kind === "interface" && type.def.owner.name === "types";
}

export function isReadinessHandle(type: TypeRef | undefined): boolean {
	return type?.kind === "handle" && type.mode === "own" && isReadiness(type.def);
}

/** True for the interface whose functions may wait without a result. */
function declaresReadiness(iface: Interface): boolean {
	return iface.types.some((def) => hasTag(def, "readiness"));
}
