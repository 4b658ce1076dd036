/** The stand-in for a host that leaves an interface out: every function fails with a message that names the interface. */
import { type HostFunction, type HostInterface, type HostResource, unboundFunctions } from "../../model/host-interface.ts";
import { delimited } from "../kit/layout.ts";
import type { HostcallScope } from "./scope.ts";

/** `Cchat` → `unavailableCchat`. */
export function unavailableName(typeName: string): string {
	return `unavailable${typeName}`;
}

export function unavailableHost(iface: HostInterface, scope: HostcallScope): string {
	const resources = iface.resources.filter((resource) => unboundFunctions(resource).length > 0);
	const members = [...iface.functions.map(refusal), ...resources.map(refusals)];
	const object = delimited(`export const ${unavailableName(iface.typeName)}: ${iface.typeName} = {`, members, "};", 0, " ");
	const doc = `/** Stand-in for \`${iface.name}\` on a host that does not offer it. */\n`;
	if (!object.includes("refuse")) return `${doc}${object}\n`;
	const error = `new ${scope.bindingError()}("backend_not_enabled", "this host does not offer \`${iface.name}\`")`;
	return `${doc}${object}\n\nfunction refuse(): never {\n\tthrow ${error};\n}\n`;
}

function refusals(resource: HostResource): string {
	return `${resource.member}: { ${unboundFunctions(resource).map(refusal).join(", ")} }`;
}

/** A function that returns nothing and cannot fail, such as a log line, does nothing. All others fail. */
function refusal({ member, fallible, ok, blocking }: HostFunction): string {
	const silent = !fallible && ok === undefined;
	return `${member}: ${silent ? `${blocking ? "async " : ""}() => {}` : "refuse"}`;
}
