/** The constants that name each hostcall of an interface in traces and faults, whatever the ABI that calls it. */
import type { HostFunction, HostInterface } from "../../model/host-interface.ts";

export function callSites(iface: HostInterface): string {
	const operation = iface.entry.family?.operation;
	const site = (path: string): string => {
		const members = [`interface: ${JSON.stringify(iface.name)}`, `function: ${JSON.stringify(path)}`];
		if (operation !== undefined) members.push(`operation: ${JSON.stringify(operation)}`);
		return `{ ${members.join(", ")} }`;
	};
	const line = ({ member, path }: HostFunction): string => `${member}: ${site(path)},\n`;
	const functions = iface.functions.map((each) => `\t${line(each)}`);
	const resources = iface.resources.map(({ def, member, statics, methods }) => {
		const lines = [...statics, ...methods].map((each) => `\t\t${line(each)}`);
		return `\t${member}: {\n${lines.join("")}\t\t$drop: ${site(`${def.name}.[drop]`)},\n\t},\n`;
	});
	return `/** Call site of each function. */\nexport const sites = {\n${functions.join("")}${resources.join("")}} as const;\n`;
}
