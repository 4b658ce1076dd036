/** Names of exported interfaces among the exports of a component. */
import { camelCase } from "../names/spelling.ts";
import { fullName, ROOT, type Unit } from "./unit.ts";
import type { WorldUnits } from "./world-units.ts";

/** Members of the exports that hold an exported interface: its short name if nothing else has it, and its full name. */
export function exportMembers(unit: Unit, units: WorldUnits): string[] {
	if (unit.id === ROOT) return [];
	const full = fullName(unit);
	const short = shortName(unit);
	const taken = [
		...units.rootExports.functions.map((func) => camelCase(func.name)),
		...units.exports.filter((each) => each !== unit).map(shortName),
	];
	return short === full || taken.includes(short) ? [full] : [short, full];
}

/** `my:store/buckets` → `buckets`: the export of a guest in JavaScript. */
export function shortName({ id }: Unit): string {
	return camelCase(id.slice(id.lastIndexOf("/") + 1));
}
