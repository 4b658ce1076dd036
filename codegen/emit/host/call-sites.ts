/** The constants that name each hostcall of an interface in traces and faults. */
import type { BoundInterface, HostFunction } from "./plan.ts";

export function callSites(bound: BoundInterface): string {
	const operation = bound.entry.family?.operation;
	const site = (path: string): string => {
		const members = [`interface: ${JSON.stringify(bound.name)}`, `function: ${JSON.stringify(path)}`];
		if (operation !== undefined) members.push(`operation: ${JSON.stringify(operation)}`);
		return `{ ${members.join(", ")} }`;
	};
	const line = ({ member, path }: HostFunction): string => `${member}: ${site(path)},\n`;
	const functions = bound.functions.map((each) => `\t${line(each)}`);
	const resources = bound.resources.map(({ def, member, statics, methods }) => {
		const lines = [...statics, ...methods].map((each) => `\t\t${line(each)}`);
		return `\t${member}: {\n${lines.join("")}\t\t$drop: ${site(`${def.name}.[drop]`)},\n\t},\n`;
	});
	return `const sites = {\n${functions.join("")}${resources.join("")}} as const;\n`;
}
