import type { NamedBackend } from "../../config/backend-settings.ts";
import type { Environment } from "../../host/backend-set.ts";
import { keyFault } from "../../host/key-warnings.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Checks the variables of keys: one check for each backend that needs a key. Repeats no value. */
export function checkKeys(backends: readonly NamedBackend[], env: Environment): DoctorCheck[] {
	return backends.flatMap(({ name, keyNames }) => (keyNames.length === 0 ? [] : [checkKey(name, keyNames, env)]));
}

function checkKey(name: string, variables: readonly string[], env: Environment): DoctorCheck {
	const isSet = (variable: string): boolean => (env[variable]?.trim() ?? "") !== "";
	const missing = variables.filter((variable) => !isSet(variable));
	const set = `export ${missing[0]}=<key>`;
	if (missing.length === variables.length) {
		return {
			area: "key",
			name,
			status: "problem",
			message: `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set`,
			remedy: set,
		};
	}
	for (const variable of variables.filter(isSet)) {
		const fault = keyFault(env[variable]);
		if (fault === undefined) continue;
		const [message = fault, remedy = `set ${variable} to the key itself`] = fault.split("; ");
		return { area: "key", name, status: "warning", message: `${variable}: ${message}`, remedy };
	}
	if (missing.length > 0)
		return { area: "key", name, status: "warning", message: `${missing.join(" and ")} not set, others are`, remedy: set };
	return { area: "key", name, status: "ok", message: `${variables.join(", ")} set` };
}
