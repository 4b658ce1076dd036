/** The stand-in for a host that leaves an interface out: every function refuses, and says what is missing. */
import { delimited } from "../kit/layout.ts";
import type { BoundInterface, BoundResource, HostFunction } from "./plan.ts";
import type { HostScope } from "./scope.ts";

export function unavailableHost(bound: BoundInterface, scope: HostScope): string {
	const members = [...bound.functions.map(refusal), ...bound.resources.filter(({ statics }) => statics.length > 0).map(refusingStatics)];
	const object = delimited(`export const unavailable${bound.hostType}: ${bound.hostType} = {`, members, "};", 0, " ");
	const intro = `/** What stands in for \`${bound.name}\` on a host that does not offer it. */\n`;
	if (!object.includes("refuse")) return `${intro}${object}\n`;
	const error = `new ${scope.runtimeValue("BindingError")}("backend_not_enabled", "this host does not offer \`${bound.name}\`")`;
	return `${intro}${object}\n\nfunction refuse(): never {\n\tthrow ${error};\n}\n`;
}

function refusingStatics({ member, statics }: BoundResource): string {
	return `${member}: { ${statics.map(refusal).join(", ")} }`;
}

/** A function that gives nothing and cannot fail, such as a log line, goes nowhere; all others refuse. */
function refusal({ member, fallible, ok, blocking }: HostFunction): string {
	const silent = !fallible && ok === undefined;
	return `${member}: ${silent ? `${blocking ? "async " : ""}() => {}` : "refuse"}`;
}
